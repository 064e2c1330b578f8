import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homeBytes } from '../../src/platform/home-bytes.ts';

test('a home is measured by its parts, a link is not what it leads to, and two names are one file', async () => {
  const home = await mkdtemp(join(tmpdir(), 'auditlake-bytes-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const sizes = {
    'archive/a/b/1.gz': 10,
    'archive/ledger/2': 5,
    'warehouse/1.duckdb': 7,
    'lake/t/d': 3,
    'schedule.json': 2,
  };
  for (const [path, size] of Object.entries(sizes)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), 'x'.repeat(size));
  }
  await link(join(home, 'lake/t/d'), join(home, 'lake/t/e'));
  await symlink('1', join(home, 'lake/link'));
  expect(await homeBytes(home)).toEqual({ archive: 15, warehouse: 7, lake: 4, other: 2 });
  expect(await homeBytes(join(home, 'none'))).toEqual({
    archive: 0,
    warehouse: 0,
    lake: 0,
    other: 0,
  });
});
