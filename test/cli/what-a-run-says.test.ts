/** A run says each cause once, and nothing where nothing is to be said. */
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REGISTRY } from '../../src/config/registry.ts';
import { daysAgo, homeFor, sandboxFor } from '../harness.ts';

const SMALL = { events: 60, days: 2, users: 4, teams: 2 };
/** For runs of all streams: the default is months of figures, which nothing here is about. */
const LATELY = { AUDITLAKE_START: daysAgo(3) };

test('a refused token is one cause on the screen, in status and in the document', async () => {
  const sandbox = await sandboxFor(SMALL);
  const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
  const refused = { TABNINE_TOKEN: 'not-the-token' };
  const { code, stdout, stderr } = await home.run(['sync'], refused);
  expect([code, stderr.match(/"level":"error"/g)]).toEqual([4, null]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('A person must act: tabnine refuses the token (401)');
  expect(lines.filter((line) => line.includes('401'))).toHaveLength(2);
  expect(lines.length).toBeLessThan(12);

  const status = await home.run(['status']);
  expect(status.stdout.split('\n')[0]).toBe(lines[0]);
  expect(status.stdout.match(/^tabnine\//gm)).toBeNull();
  const verbose = await home.run(['status', '--verbose']);
  expect(verbose.stdout.match(/^tabnine\//gm)?.length).toBeGreaterThan(20);

  const { diagnosis } = await home.sync(4, refused);
  expect(diagnosis).toMatchObject({
    verdict: lines[0],
    causes: [{ subject: 'tabnine', code: 'token-refused', exit: 4 }],
  });
});

test('--quiet says nothing where all is well, and why where it is not', async () => {
  const home = await homeFor(await sandboxFor(SMALL));
  expect(await home.run(['sync', 'tabnine/audit-logs', '--quiet'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: '',
  });
  expect(await home.run(['verify', '--quiet'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const refused = await home.run(['sync', '--quiet'], { TABNINE_TOKEN: 'not-the-token' });
  expect(refused).toMatchObject({
    code: 4,
    stdout: expect.stringContaining('A person must act: tabnine refuses the token (401)'),
    stderr: '',
  });
});

test('streams without anything new are counted, and listed if that is wanted', async () => {
  const home = await homeFor(await sandboxFor(SMALL));
  expect((await home.run(['sync'], LATELY)).stdout).toMatch(
    /^tabnine\/audit-logs +complete .* 60 +60 /m,
  );
  const again = await home.run(['sync'], LATELY);
  expect(again.stdout).not.toContain('tabnine/audit-logs');
  expect(again.stdout).toMatch(/^tabnine: nothing new; 21 of 21 streams read to the end$/m);
  expect((await home.run(['sync', '--verbose'], LATELY)).stdout).toMatch(
    /^tabnine\/audit-logs +complete/m,
  );
});

test('the run at work, and one that was cut short, are in status', async () => {
  const sandbox = await sandboxFor(SMALL);
  const home = await homeFor(sandbox);
  await home.sync();
  const asked = new Promise<void>((resolve) => {
    sandbox.tabnine.onRequest = async () => {
      resolve();
      await new Promise(() => undefined);
    };
  });
  const run = home.begin(['sync'], { AUDITLAKE_TIMEOUT: '1h' });
  await asked;
  expect((await home.run(['status'])).stdout).toMatch(
    /^a run is at work: begun at 20[\d-]+T\S+ by process \d+ of /m,
  );
  run.stop();
  expect((await run.done).code).toBe(3);
  expect((await home.run(['status'])).stdout).not.toContain('a run is at work');

  // No process has this number: Linux and macOS stop before it.
  const note = { started_at: '2026-06-10T00:15:00.000Z', pid: 2 ** 30, host: hostname() };
  await writeFile(join(home.env['AUDITLAKE_HOME'] ?? '', 'running.json'), JSON.stringify(note));
  expect((await home.run(['status'])).stdout).toContain('a run was cut short');
});

test('elsewhere than on a terminal the log has levels by name and ISO times', async () => {
  const sandbox = await sandboxFor(SMALL);
  const home = await homeFor(sandbox);
  const json = await home.run(['sync', 'tabnine/audit-logs']);
  const [first = ''] = json.stderr.split('\n');
  expect(JSON.parse(first)).toMatchObject({
    level: expect.stringMatching(/^(info|warn)$/),
    time: expect.stringMatching(/^20\d\d-\d\d-\d\dT[\d:.]+Z$/),
  });
});

test('a preview shows every account, also after one that is refused', async () => {
  const sandbox = await sandboxFor({ ...SMALL, devin: { events: 60, days: 2, sessions: 10 } });
  const home = await homeFor(sandbox, ['tabnine', 'devin']);
  const { code, stdout } = await home.run(['sync', '--preview'], {
    TABNINE_TOKEN: 'not-the-token',
  });
  expect(code).toBe(4);
  expect(stdout).toMatch(/^A person must act: tabnine refuses the token \(401\)\n/);
  expect(stdout).toMatch(/^devin\/audit-logs\n {2}\S+.*: \d+ records$/m);
});

test('check shows what each setting is and where it comes from, but no secret', async () => {
  const sandbox = await sandboxFor(SMALL);
  const home = await homeFor(sandbox);
  const { code, stdout } = await home.run(['check']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^settle +0s +AUDITLAKE_SETTLE$/m);
  expect(stdout).toMatch(/^sources\.tabnine\.baseUrl +http:\/\/127\S+ +TABNINE_BASE_URL$/m);
  expect(stdout).toMatch(/^sources\.tabnine\.token +TABNINE_TOKEN$/m);
  expect(stdout).toMatch(/^schedule\.jitter +10m +default$/m);
  expect(stdout).not.toContain(sandbox.token);
});

test('a host that does not answer keeps a look waiting for seconds', async () => {
  const home = await homeFor(await sandboxFor(SMALL));
  const startedAt = performance.now();
  const unheard = { TABNINE_BASE_URL: 'http://127.0.0.1:1' };
  const { code, stdout } = await home.run(['check'], unheard, { registry: REGISTRY });
  expect([code, stdout]).toEqual([3, expect.stringContaining('ECONNREFUSED')]);
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});
