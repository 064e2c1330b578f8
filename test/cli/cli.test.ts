/** The command line's own promises: help, exit codes, documents, interruption. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeFor, sandboxFor, streamOf } from '../harness.ts';

const VERBS = ['sync', 'status', 'query', 'verify', 'rebuild', 'check', 'schedule', 'sandbox'];

test('every verb shows its options and two examples', async () => {
  const home = await homeFor(null);
  const ran = await Promise.all(VERBS.map((verb) => home.run([verb, '--help'])));
  for (const [i, { code, stdout }] of ran.entries()) {
    expect(code).toBe(0);
    const examples = stdout.split('Examples:\n')[1]?.trimEnd().split('\n') ?? [];
    expect(examples).toEqual([
      expect.stringContaining(`auditlake ${VERBS[i] ?? ''}`),
      expect.stringContaining(`auditlake ${VERBS[i] ?? ''}`),
    ]);
    expect(stdout).toContain('--home <dir>');
  }
});

test('what is wrong with a command line ends with 2 and a hint', async () => {
  const home = await homeFor(null);
  const version = await home.run(['--version']);
  const { version: expected } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  expect(version).toMatchObject({ code: 0, stdout: `${expected}\n` });
  for (const args of [
    ['sync', '--nonsense'],
    ['nonsense'],
    ['query'],
    ['sync'],
    ['query', 'select 1'],
  ]) {
    const { code, stdout, stderr } = await home.run(args);
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  }
  expect(existsSync(home.folder)).toBe(false);
});

test('preview and check write nothing, and every document can be parsed', async () => {
  const sandbox = await sandboxFor({ events: 100, days: 2 });
  const home = await homeFor(sandbox);
  const preview = await home.run(['sync', '--preview', '--json']);
  const check = await home.run(['check', '--json']);
  const empty = await home.run(['status', '--json']);
  for (const ran of [preview, check, empty]) expect(ran).toMatchObject({ code: 0 });
  expect(existsSync(home.folder)).toBe(false);
  expect(JSON.parse(preview.stdout)).toMatchObject({ version: 1 });
  expect(JSON.parse(check.stdout)).toMatchObject({ version: 1 });
  expect(JSON.parse(empty.stdout)).toMatchObject({ version: 1, streams: [], warehouse: null });
  await home.sync();
  const status = await home.run(['status', '--json']);
  const { streams } = JSON.parse(status.stdout) as {
    streams: { stream: string; records: number }[];
  };
  expect(streams.find(({ stream }) => stream === 'tabnine/audit-logs')?.records).toBe(100);
});

test('a token of another organization is refused', async () => {
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  sandbox.tabnine.organization.id = '00000000-0000-4000-8000-000000000001';
  const ran = await home.run(['sync']);
  expect(ran.code).toBe(2);
  expect(ran.stdout + ran.stderr).toContain('belongs to organization');
  expect(await home.query('select distinct organization_id from audit_events')).toHaveLength(1);
});

test('SIGTERM ends a run soon with 3, and what was read stays', async () => {
  const sandbox = await sandboxFor({ events: 2_000, days: 2 });
  const { tabnine } = sandbox;
  tabnine.quirks.pageCap = 50;
  const home = await homeFor(sandbox);
  const { child, done } = home.start(['sync', 'tabnine/audit-logs', '--json'], {
    AUDITLAKE_TIMEOUT: '60s',
  });
  let terminatedAt = 0;
  let pages = 0;
  const release = new AbortController();
  const released = once(release.signal, 'abort');
  tabnine.onRequest = async ({ path }) => {
    if (!path.includes('audit')) return;
    pages += 1;
    if (pages < 20) return;
    if (terminatedAt === 0) {
      terminatedAt = performance.now();
      child.kill('SIGTERM');
    }
    // The vendor keeps the request waiting: the run has to give it up.
    await released;
  };
  const ran = await done;
  expect(ran.code).toBe(3);
  expect(performance.now() - terminatedAt).toBeLessThan(10_000);
  release.abort();
  tabnine.onRequest = undefined;
  expect(JSON.parse(ran.stdout)).toMatchObject({ version: 1, outcome: 'incomplete' });
  const [kept] = await home.query<{ n: number }>('select count(*) as n from audit_events');
  expect(kept?.n).toBeGreaterThan(100);
  const report = await home.sync();
  expect(streamOf(report, 'audit-logs').new_records).toBe(2_000 - (kept?.n ?? 0));
  expect(await home.query('select count(distinct event_id) as n from audit_events')).toEqual([
    { n: 2_000 },
  ]);
});

test('a pipe in the place of the lock file, or of its log, is not waited for', async () => {
  const home = await homeFor(await sandboxFor({ events: 20, days: 2 }));
  await home.sync();
  const lock = join(home.folder, 'lock.duckdb');
  for (const path of [lock, `${lock}.wal`]) {
    await rm(path, { force: true });
    execFileSync('mkfifo', [path]);
    const { code, stderr } = await home.run(['sync']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('not a plain file')]);
    await rm(path);
    await home.sync();
  }
});

test('a damaged lock file is mended', async () => {
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const lock = join(home.folder, 'lock.duckdb');
  for (const damage of [Buffer.alloc(12_288, 0x5a), Buffer.alloc(0), Buffer.from('short')]) {
    await writeFile(lock, damage);
    await home.sync();
  }
});
