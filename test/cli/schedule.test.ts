/** The schedule as a user runs it: a process that runs processes, against the sandbox. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Home, homeFor, sandboxFor } from '../harness.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/start.ts';
import { long } from '../long.ts';
import { startSchedule } from './scheduled.ts';

const SMALL = { events: 60, days: 2, users: 4, teams: 2 };
/** Jobs read everything. What nothing here is about is not there, which is no fault and soon over. */
const LACKING = [
  '/api/v1/license',
  '/api/v1/instance/permissions',
  '/api/invitation',
  '/api/team',
  '/api/user',
  '/api/v1/organization/account-utilizations',
  '/api/v1/team',
];
const EVERY_SECOND = '* * * * * *';
const DAY = 86_400_000;
/** A line that is due in half a year, so that only what was missed can start. */
const FAR = `0 0 1 ${((new Date().getUTCMonth() + 6) % 12) + 1} *`;
/** The night was yesterday: not due again before this test is over. */
const YESTERDAY = `0 0 ${new Date(Date.now() - DAY).getUTCDate()} * *`;
const CHILDREN = (pid: number): string => `/proc/${pid}/task/${pid}/children`;

async function smallSandbox(more: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await sandboxFor({ ...SMALL, ...more });
  for (const path of LACKING) sandbox.tabnine.quirks.unavailable[path] = '404';
  return sandbox;
}

/** What an earlier schedule noted. */
async function noted(home: Home, jobs: Record<string, object>): Promise<void> {
  const record = { unfinished: false, repeats: 0, exit: 0, endedAt: null, succeededAt: null };
  const entries = Object.entries(jobs).map(([name, fields]) => [name, { ...record, ...fields }]);
  await mkdir(home.folder, { recursive: true });
  await writeFile(
    join(home.folder, 'schedule.json'),
    JSON.stringify({ version: 1, jobs: Object.fromEntries(entries) }),
  );
}

async function records(home: Home): Promise<Record<string, { unfinished: boolean; exit: number }>> {
  const text = await readFile(join(home.folder, 'schedule.json'), 'utf8');
  return (JSON.parse(text) as { jobs: Record<string, { unfinished: boolean; exit: number }> }).jobs;
}

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

test('jobs that outlast their interval follow one another, and metrics and health tell of them', async () => {
  const sandbox = await smallSandbox({ latencyMs: 100 });
  const home = await homeFor(sandbox);
  const schedule = await startSchedule(
    home,
    { nightly: EVERY_SECOND, verify: EVERY_SECOND },
    { AUDITLAKE_CONCURRENCY: '1' },
  );
  expect(await schedule.get('/healthz')).toMatchObject({
    status: 503,
    body: expect.stringContaining('never-ran'),
  });
  // An alert on what has not happened needs its series.
  const begun = (await schedule.get('/metrics')).body;
  for (const sample of [
    'auditlake_runs_total{task="nightly",exit="4"} 0',
    'auditlake_last_success_timestamp_seconds{task="nightly"} 0',
    'auditlake_verify_faults{task="verify"} 0',
    'auditlake_alarms{source="tabnine",stream="audit-logs",kind="retention"} 0',
    'auditlake_records_total{source="tabnine",stream="audit-logs",kind="absent"} 0',
  ]) {
    expect(begun.split('\n')).toContain(sample);
  }
  const jobs = [await schedule.job(), await schedule.job(), await schedule.job()];
  expect(jobs.map(({ job, exit }) => ({ job, exit }))).toEqual([
    { job: 'nightly', exit: 0 },
    { job: 'verify', exit: 0 },
    { job: 'nightly', exit: 0 },
  ]);
  const [first, second, third] = jobs.map((line) => ({
    start: Date.parse(line.started_at),
    end: Date.parse(line.finished_at),
  }));
  // More than ten requests of 100 ms each, one after the other, outlast its second.
  expect((first?.end ?? 0) - (first?.start ?? 0)).toBeGreaterThan(1_000);
  expect(second?.start).toBeGreaterThanOrEqual(first?.end ?? Number.NaN);
  expect(third?.start).toBeGreaterThanOrEqual(second?.end ?? Number.NaN);

  const metrics = await schedule.get('/metrics');
  expect(metrics).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') });
  for (const sample of [
    /^auditlake_runs_total\{task="nightly",exit="0"\} [23]$/m,
    /^auditlake_runs_total\{task="verify",exit="0"\} [12]$/m,
    /^auditlake_records_total\{source="tabnine",stream="audit-logs",kind="new"\} 60$/m,
    /^auditlake_stream_outcome\{source="tabnine",stream="users",outcome="complete"\} 1$/m,
    /^auditlake_stream_watermark_timestamp_seconds\{source="tabnine",stream="audit-logs"\} 1\d{9}/m,
    /^auditlake_last_success_timestamp_seconds\{task="nightly"\} 1\d{9}/m,
    /^auditlake_verify_faults\{task="verify"\} 0$/m,
    /^auditlake_warehouse_seq [1-9]/m,
    /^auditlake_home_bytes\{part="archive"\} [1-9]/m,
    /^auditlake_home_free_bytes [1-9]/m,
    /^auditlake_next_run_timestamp_seconds\{task="verify"\} 1\d{9}/m,
    /^auditlake_build_info\{version="\d/m,
    /^process_resident_memory_bytes \d/m,
  ]) {
    expect(metrics.body).toMatch(sample);
  }
  const ended = /^auditlake_last_run_timestamp_seconds\{task="nightly"\} ([\d.]+)$/m.exec(
    metrics.body,
  );
  expect(Number(ended?.[1]) * 1000).toBeGreaterThanOrEqual(third?.end ?? Number.NaN);
  expect(metrics.body).not.toContain(sandbox.token);
  expect(await schedule.get('/healthz')).toMatchObject({ status: 200, body: '{"status":"ok"}\n' });
  expect(await schedule.get('/livez', 'HEAD')).toMatchObject({ status: 200, body: '' });
  expect(await schedule.get('/healthz', 'POST')).toMatchObject({ status: 405 });
  for (const path of ['/', '/metrics/', '/schedule.json', '/constructor']) {
    expect((await schedule.get(path)).status).toBe(404);
  }
  expect(await schedule.stop()).toMatchObject({ code: 0 });
});

test('a job that is killed is an exit code; SIGTERM during the next ends within ten seconds, and the next start begins with it', async () => {
  const sandbox = await smallSandbox();
  const { tabnine } = sandbox;
  const home = await homeFor(sandbox);
  const nextRequest = (): Promise<void> =>
    new Promise<void>((resolve) => {
      tabnine.onRequest = async ({ path }) => {
        if (!path.includes('audit')) return;
        resolve();
        // The vendor never answers.
        await new Promise(() => undefined);
      };
    });
  let asked = nextRequest();
  const slow = { AUDITLAKE_TIMEOUT: '1h' };
  const cut = await startSchedule(home, { nightly: EVERY_SECOND, verify: false }, slow);
  await asked;
  // Where the system says which processes are whose.
  if (existsSync(CHILDREN(process.pid))) {
    const child = Number((await readFile(CHILDREN(cut.pid), 'utf8')).trim());
    expect(child).toBeGreaterThan(1);
    asked = nextRequest();
    process.kill(child, 'SIGKILL');
    expect(await cut.job()).toMatchObject({ job: 'nightly', exit: 137, report: null });
    await asked;
  }
  const { code, ms, stderr } = await cut.stop();
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(ms).toBeLessThan(10_000);
  expect(await records(home)).toMatchObject({ nightly: { unfinished: true } });

  tabnine.onRequest = undefined;
  const next = await startSchedule(home, { nightly: YESTERDAY, verify: false });
  expect(await next.job()).toMatchObject({ job: 'nightly', exit: 0 });
  expect(await next.stop()).toMatchObject({ code: 0 });
  expect(await records(home)).toMatchObject({ nightly: { unfinished: false, exit: 0 } });
});

long('a missed night is caught up at start, and a restart forgets nothing', async () => {
  const home = await homeFor(await smallSandbox());
  await noted(home, { nightly: { since: ago(40 * DAY) }, verify: { since: ago(0) } });
  const late = await startSchedule(home, { nightly: YESTERDAY, verify: FAR });
  expect(await late.job()).toMatchObject({ job: 'nightly', exit: 0 });
  await late.stop();

  // What is known of the streams is told before any job has run.
  await noted(home, { nightly: { since: ago(40 * DAY) } });
  const again = await startSchedule(home, {
    nightly: YESTERDAY,
    verify: false,
    reconcile: EVERY_SECOND,
    catchUp: false,
  });
  expect(await again.job()).toMatchObject({ job: 'reconcile', exit: 0 });
  const { body } = await again.get('/metrics');
  expect(body).not.toMatch(/^auditlake_runs_total\{task="nightly",exit="\d+"\} [1-9]/m);
  expect(body).toMatch(/^auditlake_last_success_timestamp_seconds\{task="nightly"\} 1\d{9}/m);
  expect(body).toMatch(/^auditlake_stream_watermark_timestamp_seconds\{.*"audit-logs"\} 1\d{9}/m);
  await again.stop();
});

test('a job that needs a person makes the schedule unhealthy, not dead', async () => {
  const sandbox = await smallSandbox();
  const home = await homeFor(sandbox);
  const schedule = await startSchedule(
    home,
    { nightly: YESTERDAY, verify: false },
    { TABNINE_TOKEN: 'not-the-token' },
  );
  const { exit, report } = await schedule.job();
  expect(exit).toBe(4);
  expect(report).not.toBeNull();
  const health = await schedule.get('/healthz');
  expect(health.status).toBe(503);
  const verdict = 'A person must act: tabnine refuses the token (401)';
  expect(JSON.parse(health.body)).toEqual({
    status: 'unhealthy',
    problems: [
      { job: 'nightly', reason: 'needs-a-person', exit: 4, verdict },
      { job: 'nightly', reason: 'never-ran', exit: 4, verdict },
    ],
  });
  expect((await schedule.get('/livez')).status).toBe(200);
  const { stdout, stderr } = await schedule.stop();
  expect(stderr).toContain(`nightly ended: ${verdict}`);
  expect(stdout + stderr).not.toContain('not-the-token');
});

test('a port in use, no source and a home that cannot be written end with 2', async () => {
  const sandbox = await smallSandbox();
  const home = await homeFor(sandbox);
  const taken = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  await home.configure({ schedule: { listen: `127.0.0.1:${port}` } });
  const inUse = await home.run(['schedule']);
  expect(inUse).toMatchObject({ code: 2, stdout: '' });
  expect(inUse.stderr).toMatch(/schedule\.listen: 127\.0\.0\.1:\d+ cannot be listened on/);
  expect(existsSync(home.folder)).toBe(false);

  await home.configure({ schedule: { listen: false } });
  const none = await home.run(['schedule'], { TABNINE_TOKEN: '' });
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toContain('no source is configured');
  const unwritable = await home.run(['schedule', '--home', '/proc/auditlake']);
  expect(unwritable).toMatchObject({ code: 2, stdout: '' });
  expect(unwritable.stderr).toContain('cannot be written');
});
