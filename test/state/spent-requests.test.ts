/** What was spent of a vendor's budget is kept in a file of the home, and read as all of them are. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { spentRequests } from '../../src/state/spent-requests.ts';

async function inHome() {
  const home = await mkdtemp(join(tmpdir(), 'auditlake-spent-'));
  onTestFinished(() => rm(home, { recursive: true }));
  return { home, file: join(home, 'requests-hub.json'), ...spentRequests({ home }, 'hub') };
}

test('what was saved is there again, and what cannot be read as such is none', async () => {
  const { file, load, save } = await inHome();
  expect(await load()).toEqual({});
  await save({ '/log': [[60_000, 3]] });
  expect(await load()).toEqual({ '/log': [[60_000, 3]] });
  for (const text of ['', 'null', '{"/log":[[1]]}']) {
    await writeFile(file, text);
    expect(await load()).toEqual({});
  }
});

test('a link in its place is not followed', async () => {
  const { home, file, load } = await inHome();
  await writeFile(join(home, 'elsewhere'), '{}');
  await symlink(join(home, 'elsewhere'), file);
  await expect(load()).rejects.toMatchObject({ code: 'ENOTFILE' });
});
