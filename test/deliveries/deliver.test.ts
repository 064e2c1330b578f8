/** Several receivers at once: each on its own, whatever becomes of the others. */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliverAll } from '../../src/runs/deliver/deliver.ts';
import type { SinkResult } from '../../src/documents/common.ts';
import type { RunSink } from '../../src/runs/deliver/delivery.ts';
import { DELIVERABLES } from '../../src/load/tables.ts';
import { publishedGeneration } from '../../src/load/warehouse/begin.ts';
import { openNdjson } from '../../src/sinks/ndjson/sink.ts';
import type { Delivery, RowSink } from '../../src/sinks/port.ts';
import { openSplunk, RETRY } from '../../src/sinks/splunk/sink.ts';
import { Archive } from '../../src/state/archive.ts';
import { layout } from '../../src/state/layout.ts';
import { OCSF } from '../../src/transform/ocsf.ts';
import { type AtEnd, daysAgo, type Home, homeFor, sandboxFor } from '../harness.ts';
import { serviceForTest, sinkAt } from '../sinks/bigquery/receiver.ts';
import { DATASET, PROJECT } from '../sinks/bigquery/service.ts';
import { startHec } from '../sinks/splunk/hec.ts';
import { optionsFor } from '../sinks/splunk/receiver.ts';

const TABLES = ['audit_events'] as const;

/** As a command does it, but with these sinks. */
async function deliver(
  home: Home,
  sinks: readonly RunSink[],
  { fromSeq = null as number | null, signal = new AbortController().signal } = {},
): Promise<(SinkResult & { exit: number })[]> {
  const delivered = await deliverAll(sinks, {
    archive: await Archive.openForWriting(layout(home.folder), Date.now),
    published: await publishedGeneration(home.folder),
    notary: null,
    ocsf: OCSF,
    fromSeq,
    signal,
    now: Date.now,
    onProgress: () => undefined,
    log: pino({ level: 'silent' }),
  });
  return delivered.map(({ report, exit }) => ({ ...report, exit }));
}

const rowSink = (work: (delivery: Delivery) => Promise<void>): RowSink => ({
  kind: 'rows',
  deliver: work,
  check: async () => 'it is there',
  close: async () => undefined,
});

const named = (sink: RowSink): RunSink[] => [{ name: 'sink', tables: TABLES, open: () => sink }];

const EVENTS = 30;
const atEnd: (() => Promise<unknown>)[] = [];
const later: AtEnd = (work) => atEnd.push(work);
let original: Home;

beforeAll(async () => {
  const sandbox = await sandboxFor({ events: EVENTS, days: 2 }, later);
  original = await homeFor(sandbox, ['tabnine'], { atEnd: later });
  await original.sync();
});

afterAll(async () => {
  for (const work of atEnd) await work();
});

/** Of its own, with some events. */
async function eventsHome(): Promise<Home> {
  const home = await homeFor(null);
  await cp(original.folder, home.folder, { recursive: true, verbatimSymlinks: true });
  return home;
}

test('one that is down holds nobody up and catches up by itself; a defect stays where it is', async () => {
  const home = await eventsHome();
  const { hec, url } = await startHec();
  hec.isDown = true;
  const file = join(home.folder, 'rows.ndjson');
  const options = { ...optionsFor(hec, url) };
  const all: RunSink[] = [
    {
      name: 'siem',
      tables: TABLES,
      open: () => openSplunk('siem', options, { ...RETRY, giveUpAfter: 300 }),
    },
    {
      name: 'local',
      tables: ['audit_events', 'usage_metrics', 'entity_history', 'work_sessions'],
      open: () => openNdjson('local', { path: file, format: 'auditlake' }, process.stdout),
    },
    {
      name: 'broken',
      tables: TABLES,
      open: () => {
        throw new Error('cannot even begin');
      },
    },
  ];
  for (let night = 0; night < 2; night += 1) {
    expect(await deliver(home, all)).toMatchObject([
      { sink: 'siem', outcome: 'incomplete', exit: 3, rows: 0, seq: 0, error: expect.anything() },
      { sink: 'local', outcome: 'complete', exit: 0, rows: night === 0 ? EVENTS : 0, lag: 0 },
      { sink: 'broken', outcome: 'failed', exit: 1, error: { message: 'cannot even begin' } },
    ]);
  }
  hec.isDown = false;
  expect(await deliver(home, all.slice(0, 1))).toMatchObject([{ rows: EVENTS, lag: 0, exit: 0 }]);
  expect(new Set(hec.indexed.map(({ uid }) => uid)).size).toBe(EVENTS);
  expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(EVENTS);
});

test('rows that a sink loses on the way are noticed', async () => {
  const home = await eventsHome();
  const forgetful = rowSink(async (delivery) => {
    for await (const rows of delivery.rows('auditlake')) {
      const last = rows.at(-1);
      if (last !== undefined) await delivery.acknowledged(last.position, rows.length - 1);
    }
  });
  expect(await deliver(home, named(forgetful))).toMatchObject([
    { outcome: 'failed', exit: 1, rows: 29, error: { code: 'unbalanced' } },
  ]);
});

test('a delivery that ends half-way keeps what it has, and one that takes whole seqs goes on from there', async () => {
  const home = await eventsHome();
  const halfway = rowSink(async (delivery) => {
    for await (const rows of delivery.rows('auditlake')) {
      const [row] = rows.slice(9, 10);
      if (row !== undefined) await delivery.acknowledged(row.position, 10);
      throw new Error('the line is cut');
    }
  });
  expect(await deliver(home, named(halfway))).toMatchObject([{ exit: 1, rows: 10 }]);
  const position = JSON.parse(
    await readFile(join(home.folder, 'deliveries/sink.json'), 'utf8'),
  ) as {
    tables: { audit_events: { seq: number } };
  };
  const { seq } = position.tables.audit_events;

  const taken: number[] = [];
  const whole = rowSink(async (delivery) => {
    const from = Math.max(0, delivery.after.seq - 1);
    for (const split of await delivery.splits(1_000)) {
      const { rows } = await delivery.parquet(join(delivery.scratch, 'rows.parquet'), from, split);
      taken.push(rows);
      await delivery.acknowledged({ seq: split, n: Number.MAX_SAFE_INTEGER }, rows);
    }
  });
  expect(await deliver(home, named(whole))).toMatchObject([{ exit: 0, lag: 0 }]);
  // All of the seq of which a part was delivered.
  expect(taken.reduce((sum, rows) => sum + rows, 0)).toBe(30);
  expect(await deliver(home, named(whole), { fromSeq: seq })).toMatchObject([{ rows: 30 }]);
  expect(await deliver(home, named(whole))).toMatchObject([{ rows: 0 }]);
});

test('a replay goes back only, and what is new may begin with it', async () => {
  const home = await eventsHome();
  const file = (name: string): RunSink[] => [
    {
      name,
      tables: TABLES,
      open: () =>
        openNdjson(name, { path: join(home.folder, name), format: 'auditlake' }, process.stdout),
    },
  ];
  expect(await deliver(home, file('old'))).toMatchObject([{ rows: EVENTS }]);
  expect(await deliver(home, file('old'), { fromSeq: 10_000 })).toMatchObject([
    { rows: 0, lag: 0 },
  ]);
  expect(await deliver(home, file('old'), { fromSeq: 0 })).toMatchObject([{ rows: EVENTS }]);
  expect(await deliver(home, file('new'), { fromSeq: 10_000 })).toMatchObject([
    { rows: 0, lag: 0 },
  ]);
  const stop = AbortSignal.abort();
  expect(await deliver(home, file('other'), { signal: stop })).toMatchObject([
    { exit: 3, rows: 0, error: { code: 'stopped' } },
  ]);
});

test('BigQuery has every table, each row once', async () => {
  const home = await homeFor(
    await sandboxFor({ events: 50, days: 2, users: 3, teams: 1 }),
    ['tabnine'],
    { streams: ['audit-logs', 'users', 'usage-organization'] },
  );
  await home.configure({ lake: false, start: daysAgo(3) });
  await home.sync();
  const service = await serviceForTest();
  const tables = DELIVERABLES.map(({ name }) => name);
  const all: RunSink[] = [{ name: 'warehouse', tables, open: () => sinkAt(service) }];
  expect(await deliver(home, all)).toMatchObject([{ outcome: 'complete', lag: 0, set_aside: 0 }]);
  expect(await deliver(home, all, { fromSeq: 1 })).toMatchObject([{ outcome: 'complete' }]);
  for (const table of ['audit_events', 'usage_metrics', 'entity_history']) {
    const [[there] = []] = await service.query(
      `select count(*) from \`${PROJECT}\`.\`${DATASET}\`.\`${table}\``,
    );
    const [here] = await home.query<{ n: number }>(`select count(*)::integer as n from ${table}`);
    expect([table, Number(there)]).toEqual([table, here?.n]);
    expect(here?.n).toBeGreaterThan(0);
  }
});
