/** The token is in no file and in no output of the process, whatever goes wrong. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { type Home, type Ran, homeFor, sandboxFor } from '../harness.ts';
import { filesBelow } from './archived.ts';

const LOUD = { AUDITLAKE_LOG_LEVEL: 'trace' };
/** What Node itself prints is to be seen too: of a run that works, one that is refused, and one that cannot begin. */
const WHOLE = { process: true };

async function expectNowhere(secret: string, home: Home, rans: readonly Ran[]): Promise<void> {
  const forms = [secret, Buffer.from(secret).toString('base64').slice(0, -4)];
  for (const form of forms) {
    for (const { stdout, stderr } of rans) {
      expect(stdout.includes(form), `stdout: ${stdout.slice(0, 500)}`).toBe(false);
      expect(stderr.includes(form), `stderr: ${stderr.slice(0, 500)}`).toBe(false);
    }
    for (const file of await filesBelow(home.folder)) {
      const bytes = await readFile(join(home.folder, file));
      expect(bytes.includes(form), file).toBe(false);
    }
  }
}

test('a run with faults at the loudest level tells no token', async () => {
  const sandbox = await sandboxFor({ events: 300, days: 2, users: 3, teams: 1 });
  const home = await homeFor(sandbox);
  sandbox.tabnine.quirks.pageCap = 20;
  const faults: FaultKind[] = ['500', 'html-502', 'reset', 'cut', 'json-cut', 'html-200'];
  sandbox.tabnine.onRequest = ({ index }) => {
    const fault = index % 3 === 2 ? faults.pop() : undefined;
    if (fault !== undefined) sandbox.tabnine.faults.next.push(fault);
  };
  const rans = [
    await home.run(['sync', 'tabnine/audit-logs', 'tabnine/users', '--json'], LOUD, WHOLE),
    await home.run(['check'], LOUD),
    await home.run(['status'], LOUD),
    await home.run(['sync', '--preview'], LOUD),
  ];
  expect(rans[0]?.code).toBe(0);
  expect(faults).toEqual([]);
  expect(rans[0]?.stderr).not.toBe('');
  await expectNowhere(sandbox.token, home, rans);
});

test('a refused token is not told', async () => {
  const sandbox = await sandboxFor({ events: 50, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  sandbox.tabnine.tokenRefused = true;
  const refused = await home.run(['sync'], LOUD, WHOLE);
  const refusedJson = await home.run(['sync', '--json'], LOUD);
  const checked = await home.run(['check', '--json'], LOUD);
  expect([refused.code, refusedJson.code, checked.code]).toEqual([4, 4, 4]);
  expect(refused.stdout + refused.stderr).toContain('401');
  const rans = [refused, refusedJson, checked, await home.run(['status', '--json'], LOUD)];
  await expectNowhere(sandbox.token, home, rans);
});

test('a token in the wrong place is not repeated in the message', async () => {
  const home = await homeFor(null);
  const token = 'tok-1234567890-abcdefgh';
  const rans = [
    { TABNINE_TOKEN: `${token}\nx`, TABNINE_BASE_URL: 'http://127.0.0.1:9' },
    { TABNINE_TOKEN: token, TABNINE_BASE_URL: `http://u:${token}@127.0.0.1:9` },
    { TABNINE_TOKEN: token, AUDITLAKE_SETTLE: token },
  ].map((env, i) => home.run(['sync'], { ...LOUD, ...env }, { process: i === 0 }));
  for (const { code, stdout, stderr } of await Promise.all(rans)) {
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(token);
  }
});
