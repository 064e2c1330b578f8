/** Rows and files on their way to receivers, through the command line as a user types it. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { BIN, type Home, homeFor, type Ran, sandboxFor } from '../harness.ts';
import { long } from '../long.ts';
import { bucketWith } from '../sinks/s3/bucket.ts';
import { type Hec, startHec } from '../sinks/splunk/hec.ts';
import { problemsOf } from '../transform/ocsf-validator.ts';
import { filesBelow } from './archived.ts';

type SinkResult = {
  sink: string;
  outcome: string;
  rows: number;
  seq: number;
  lag: number;
  set_aside: number;
  error?: { code: string; hint: string };
};
type Report = { outcome: string; sinks: SinkResult[] };

const STREAM = 'tabnine/audit-logs';

/** A home whose events go to these sinks, and nowhere else. */
async function homeWith(sandbox: Sandbox, sinks: object, more: object = {}): Promise<Home> {
  const home = await homeFor(sandbox);
  await home.configure({ lake: false, sinks, ...more });
  return home;
}

async function sync(home: Home, code = 0): Promise<Report> {
  return reportOf(await home.run(['sync', STREAM, '--json']), code);
}

function reportOf(ran: Ran, code: number): Report {
  expect({ code: ran.code, stderr: ran.code === code ? '' : ran.stderr }).toEqual({
    code,
    stderr: '',
  });
  return JSON.parse(ran.stdout) as Report;
}

function addEvent(sandbox: Sandbox, id: string): void {
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  sandbox.tabnine.events.insert({ id, timestamp, eventType: 'user.login' });
}

/** Some three megabytes: as many as three batches of a delivery, and more than a pipe holds. */
function addLongEvents(sandbox: Sandbox, count: number): void {
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  for (let n = 0; n < count; n += 1) {
    const metadata = { note: 'x'.repeat(50_000) };
    sandbox.tabnine.events.insert({
      id: `long-${n}`,
      timestamp,
      eventType: 'user.login',
      metadata,
    });
  }
}

function splunkAt(hec: Hec, url: string): object {
  return { type: 'splunk-hec', url, token: hec.token, index: 'ai_audit' };
}

const idsIn = (sandbox: Sandbox): string[] =>
  sandbox.tabnine.events
    .ids()
    .map((id) => `tabnine:${id}`)
    .toSorted();
const uidsAt = (hec: Hec): string[] => hec.indexed.map(({ uid }) => uid).toSorted();

async function linesOf(file: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('Splunk gets the history, then what is new, a revision and again what is asked for', async () => {
  const { hec, url } = await startHec();
  const sandbox = await sandboxFor({ events: 300, days: 2 });
  const home = await homeWith(sandbox, { siem: splunkAt(hec, url) });
  const first = await sync(home);
  expect(first.sinks).toEqual([
    { sink: 'siem', outcome: 'complete', rows: 300, seq: expect.any(Number), lag: 0, set_aside: 0 },
  ]);
  expect(uidsAt(hec)).toEqual(idsIn(sandbox));
  expect(JSON.parse(hec.indexed[0]?.raw ?? '')).toMatchObject({ vendor: 'tabnine', raw: {} });

  const changed = sandbox.tabnine.events.ids().at(-1) ?? '';
  addEvent(sandbox, 'late');
  sandbox.tabnine.events.replace(changed, { metadata: { note: 'changed' } });
  expect((await sync(home)).sinks).toMatchObject([{ rows: 2, outcome: 'complete' }]);
  expect(hec.indexed.slice(300).map(({ uid, revision }) => [uid, revision])).toEqual(
    expect.arrayContaining([
      ['tabnine:late', 1],
      [`tabnine:${changed}`, 2],
    ]),
  );

  const again = await home.run(['deliver', 'siem', '--from-seq', '1', '--json']);
  expect(reportOf(again, 0).sinks).toMatchObject([{ rows: 301 }]);
  expect(hec.indexed).toHaveLength(603);
  expect((await sync(home)).sinks).toMatchObject([{ rows: 0 }]);
  const noted = (
    await linesOf(join(home.folder, 'archive/ledger', (await ledgerOf(home))[0] ?? ''))
  ).filter(({ kind }) => kind === 'delivery');
  expect(noted.map(({ sink, table, rows }) => [sink, table, rows])).toEqual([
    ['siem', 'audit_events', 300],
    ['siem', 'audit_events', 2],
    ['siem', 'audit_events', 301],
  ]);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});

const ledgerOf = (home: Home): Promise<string[]> => filesBelow(join(home.folder, 'archive/ledger'));

test('a receiver that refuses the token stops nothing else, and catches up once it takes it', async () => {
  const { hec, url } = await startHec();
  const sandbox = await sandboxFor({ events: 50, days: 2 });
  const file = join(dirname((await homeFor(null)).folder), 'rows.ndjson');
  const home = await homeWith(sandbox, {
    siem: splunkAt(hec, url),
    local: { type: 'ndjson', path: file },
  });
  const { token } = hec;
  hec.token = 'dead0000-1111-4222-8333-444455556666';
  for (const night of ['one', 'two']) {
    addEvent(sandbox, night);
    const report = await sync(home, 4);
    expect(report).toMatchObject({
      outcome: 'failed',
      sinks: [
        { sink: 'siem', outcome: 'failed', rows: 0, error: { hint: expect.stringMatching(/\w/) } },
        { sink: 'local', outcome: 'complete' },
      ],
    });
  }
  expect(await linesOf(file)).toHaveLength(52);
  const status = await home.run(['status', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    sinks: [
      {
        sink: 'local',
        tables: [{ table: 'audit_events', lag: 0, lag_rows: 0 }],
        last: { outcome: 'complete' },
      },
      { sink: 'siem', tables: [{ seq: 0, lag_rows: 52 }], last: { outcome: 'failed' } },
    ],
  });
  const check = await home.run(['check', '--json']);
  expect(check.code).toBe(4);
  const { findings } = JSON.parse(check.stdout) as { findings: { subject: string; ok: boolean }[] };
  expect(findings.filter(({ subject }) => subject.startsWith('sink'))).toMatchObject([
    { subject: 'sink siem', ok: false },
    { subject: 'sink local', ok: true },
  ]);

  hec.token = token;
  addEvent(sandbox, 'three');
  expect((await sync(home)).sinks).toMatchObject([{ rows: 53 }, { rows: 1 }]);
  expect(uidsAt(hec)).toEqual(idsIn(sandbox));
});

test('an event that is refused is set aside, and stands in anomalies from the next load on', async () => {
  const { hec, url } = await startHec();
  const sandbox = await sandboxFor({ events: 40, days: 2 });
  const home = await homeWith(sandbox, { siem: splunkAt(hec, url) });
  const poison = `tabnine:${sandbox.tabnine.events.ids()[7]}`;
  hec.poison.add(poison);
  const ran = await home.run(['sync', STREAM, '--json']);
  expect(reportOf(ran, 0).sinks).toMatchObject([{ outcome: 'complete', rows: 39, set_aside: 1 }]);
  expect(ran.stderr).toContain('rows were refused and became dead letters');
  expect((await sync(home)).sinks).toMatchObject([{ rows: 0, set_aside: 0 }]);
  const [anomaly] = await home.query<{ what: string; seq: number; n: number }>(
    `select a.what, a.source, a.stream, e.event_uid from anomalies a
     join internal.named_events e on e.seq = a.seq and e.n = a.n where kind = 'refused'`,
  );
  expect(anomaly).toMatchObject({ source: 'tabnine', stream: 'audit-logs', event_uid: poison });
  expect(JSON.parse(anomaly?.what ?? '')).toEqual({
    sink: 'siem',
    table: 'audit_events',
    uid: poison,
    reason: expect.stringMatching(/\w/),
  });
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});

// The contract of sinks has deliveries that are stopped anywhere.
long('a run that is killed while it delivers is gone on with, and nothing is missing', async () => {
  const { hec, url } = await startHec();
  const sandbox = await sandboxFor({ events: 20, days: 3 });
  addLongEvents(sandbox, 60);
  const home = await homeWith(sandbox, {});
  await sync(home);
  await home.configure({ lake: false, sinks: { siem: splunkAt(hec, url) } });
  for (const fatal of [3, 5]) {
    const { child, done } = home.start(['deliver']);
    hec.intercept = () => {
      if (hec.requests.length >= fatal) child.kill('SIGKILL');
      return null;
    };
    await done;
    hec.requests.length = 0;
  }
  hec.intercept = null;
  expect(reportOf(await home.run(['deliver', '--json']), 0).sinks).toMatchObject([{ lag: 0 }]);
  expect([...new Set(uidsAt(hec))]).toEqual(idsIn(sandbox));
});

test('a stop ends a delivery soon, as incomplete', async () => {
  const { hec, url } = await startHec();
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  const home = await homeWith(sandbox, { siem: splunkAt(hec, url) });
  hec.isDown = true;
  const { stop, done } = home.begin(['sync', STREAM, '--json']);
  hec.intercept = () => {
    stop();
    return null;
  };
  const began = Date.now();
  const report = reportOf(await done, 3);
  expect(Date.now() - began).toBeLessThan(30_000);
  expect(report.sinks).toMatchObject([
    { outcome: 'incomplete', rows: 0, error: { code: 'stopped' } },
  ]);
  hec.intercept = null;
  hec.isDown = false;
  expect((await sync(home)).sinks).toMatchObject([{ rows: 20, lag: 0 }]);
});

test('a bucket mirrors archive and lake byte for byte, and the copy verifies', async () => {
  const bucket = await bucketWith();
  const sandbox = await sandboxFor({ events: 60, days: 2 });
  const { prefix, endpoint, region, accessKeyId, secretAccessKey } = bucket.options;
  const home = await homeWith(
    sandbox,
    {
      copy: {
        type: 's3',
        bucket: bucket.options.bucket,
        forcePathStyle: true,
        prefix,
        endpoint,
        region,
        accessKeyId,
        secretAccessKey,
      },
    },
    { lake: {} },
  );
  await sync(home);
  addEvent(sandbox, 'late');
  expect((await sync(home)).sinks).toMatchObject([{ outcome: 'complete', lag: 0 }]);
  expect(reportOf(await home.run(['deliver', '--json']), 0).sinks).toMatchObject([{ lag: 0 }]);

  const here: Record<string, string> = {};
  for (const folder of ['archive', 'lake']) {
    for (const path of await filesBelow(join(home.folder, folder))) {
      here[`auditlake/${folder}/${path}`] = await readFile(join(home.folder, folder, path), 'hex');
    }
  }
  const there = [...bucket.objects].map(([key, { body }]) => [key, body.toString('hex')] as const);
  expect(Object.fromEntries(there)).toEqual(here);

  const copy = (await homeFor(null)).folder;
  for (const [key, { body }] of bucket.objects) {
    const file = join(copy, key.slice('auditlake/'.length));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
  }
  await rm(join(copy, 'lake'), { recursive: true });
  expect(await home.run(['rebuild', '--home', copy])).toMatchObject({ code: 0 });
  expect(await home.run(['verify', '--home', copy])).toMatchObject({ code: 0 });
});

test('OCSF goes to standard output alone, and the report to the log', async () => {
  const sandbox = await sandboxFor({ events: 120, days: 2 });
  const home = await homeWith(sandbox, {
    stream: { type: 'ndjson', path: '-', format: 'ocsf' },
  });
  const { code, stdout, stderr } = await home.run(['sync', STREAM], {}, { process: true });
  expect(code).toBe(0);
  const events = stdout.trimEnd().split('\n');
  expect(events).toHaveLength(120);
  for (const text of events)
    expect(problemsOf(JSON.parse(text) as Record<string, unknown>)).toEqual([]);
  expect(stderr).toContain('"sinks":[{"sink":"stream","outcome":"complete","rows":120');

  for (const args of [['sync'], ['deliver']]) {
    const refused = await home.run([...args, '--json']);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'usage' } });
    expect(refused.stderr).toContain('standard output');
  }
});

test('a reader of standard output that ends early is told of, and gets the rest later', async () => {
  const sandbox = await sandboxFor({ events: 20, days: 2 });
  addLongEvents(sandbox, 60);
  const home = await homeWith(sandbox, { stream: { type: 'ndjson', path: '-' } });
  const script = `'${process.execPath}' '${BIN}' sync ${STREAM} | head -1; exit "\${PIPESTATUS[0]}"`;
  const child = spawn('bash', ['-c', script], { env: home.env, cwd: dirname(home.folder) });
  const exit = await new Promise((resolve) => child.on('close', resolve));
  expect(exit).toBe(3);
  const { code, stdout } = await home.run(['deliver']);
  expect(code).toBe(0);
  const uids = stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event_uid: string }).event_uid);
  expect(uids.length).toBeGreaterThan(0);
  expect(uids.at(-1)).toBe(
    (
      await home.query<{ event_uid: string }>(
        'select event_uid from internal.named_events order by seq desc, n desc limit 1',
      )
    )[0]?.event_uid,
  );
});

test('names that are not configured and an archive that was cut are told', async () => {
  const sandbox = await sandboxFor({ events: 10, days: 2 });
  const none = await homeFor(sandbox);
  expect(await none.run(['deliver'])).toMatchObject({ code: 2 });
  const home = await homeWith(sandbox, { local: { type: 'ndjson', path: 'rows.ndjson' } });
  expect(await home.run(['deliver', 'remote'])).toMatchObject({ code: 2 });
  await sync(home);
  for (const folder of ['archive', 'warehouse', 'warehouse.duckdb']) {
    await rm(join(home.folder, folder), { recursive: true });
  }
  const cut = reportOf(await home.run(['deliver', '--json']), 5);
  expect(cut.sinks).toMatchObject([{ error: { code: 'integrity' } }]);
});
