/** What receivers get is what the tables have: each row once, in order, digit for digit. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Deliverables, openDeliverables } from '../../src/load/deliver/deliverables.ts';
import { portionsOf } from '../../src/load/deliver/portions.ts';
import { DELIVERABLES, deliverableTable } from '../../src/load/tables.ts';
import { WHOLE } from '../../src/sinks/port.ts';
import type { Published } from '../../src/load/warehouse/published.ts';
import { type Position, type Row as Sent, type RowFormat, START } from '../../src/sinks/port.ts';
import { OCSF } from '../../src/transform/ocsf.ts';
import { tries } from '../long.ts';
import { order } from '../sinks/delivery.ts';
import { type Item, type Row, rowsOf, TestArchive } from './archive.ts';
import { addCompany } from './company.ts';

const NAMES = DELIVERABLES.map(({ name }) => name);

async function opened(published: Published): Promise<Deliverables> {
  const deliverables = await openDeliverables(published, OCSF, () => undefined);
  onTestFinished(() => deliverables.close());
  return deliverables;
}

async function sentOf(
  deliverables: Deliverables,
  name: string,
  {
    after = START,
    to = 1_000,
    format = 'auditlake',
  }: { after?: Position; to?: number; format?: RowFormat } = {},
): Promise<Sent[]> {
  const rows: Sent[] = [];
  for await (const portion of deliverables.rows(deliverableTable(name), format, after, to)) {
    expect(portion.length).toBeLessThanOrEqual(2_048);
    rows.push(...portion);
  }
  return rows;
}

const parsed = (rows: readonly Sent[]): Row[] => rows.map(({ json }) => JSON.parse(json) as Row);

const event = (id: string, more: object = {}): Item => ({
  key: id,
  time: '2026-03-01T12:00:00.000Z',
  record: { id, timestamp: '2026-03-01T12:00:00.000Z', eventType: 'user.login', ...more },
});

describe('of everything that the sources tell', () => {
  let archive: TestArchive;
  let published: Published;
  let deliverables: Deliverables;
  beforeAll(async () => {
    archive = await TestArchive.open();
    await addCompany(archive);
    published = await archive.load();
    deliverables = await openDeliverables(published, OCSF, () => undefined);
  });
  afterAll(async () => {
    await deliverables.close();
    await rm(archive.home, { recursive: true, force: true });
  });

  test.each(NAMES)('%s has its rows, in order, each at a place of its own', async (table) => {
    const rows = await sentOf(deliverables, table);
    expect(rows.length).toBe(await deliverables.count(deliverableTable(table), START, 1_000));
    expect(rows.length).toBeGreaterThan(0);
    for (const [i, { position }] of rows.entries()) {
      expect(order(position, rows[i - 1]?.position ?? START)).toBeGreaterThan(0);
    }
    expect(new Set(rows.map(({ uid, revision }) => `${uid} ${revision}`)).size).toBe(rows.length);
    for (const { json } of rows) expect(json).not.toMatch(/[\n\r]/);
  });

  test.each(NAMES)('%s can be gone on with from every place', async (table) => {
    const rows = await sentOf(deliverables, table);
    // Some are enough: each is a query of its own.
    const step = Math.ceil(rows.length / tries(8, 4));
    for (const [i, { position }] of rows.entries()) {
      if (i % step !== 0 && i < rows.length - 1) continue;
      const rest = rows.slice(i + 1);
      expect(await sentOf(deliverables, table, { after: position })).toEqual(rest);
      expect(await deliverables.count(deliverableTable(table), position, 1_000)).toBe(rest.length);
    }
    const seqs = [...new Set(rows.map(({ position: { seq } }) => seq))];
    const bySeq: Sent[] = [];
    let after: Position = START;
    for (const seq of seqs) {
      bySeq.push(...(await sentOf(deliverables, table, { after, to: seq })));
      after = { seq, n: WHOLE };
    }
    expect(bySeq).toEqual(rows);
  });

  test.each(NAMES)('a Parquet file of %s has the same rows', async (table) => {
    const folder = await mkdtemp(join(tmpdir(), "auditlake's "));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'rows.parquet');
    const sent = parsed(await sentOf(deliverables, table));
    expect(await deliverables.parquet(deliverableTable(table), file, 0, 1_000)).toEqual({
      rows: sent.length,
    });
    const stored = await parquetReadObjects({ file: await asyncBufferFromFile(file), compressors });
    // JSON is text there.
    const flat = sent.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
        ]),
      ),
    );
    expect(stored.map(plain).toSorted()).toEqual(flat.map(plain).toSorted());
  });

  test.each(NAMES)('%s is the public table, with what it is known by', async (table) => {
    const [first = {}] = parsed(await sentOf(deliverables, table));
    const described = await rowsOf(published.path, `describe ${table}`);
    const columns = described.map(({ column_name: name }) =>
      typeof name === 'string' ? name : '',
    );
    const more = Object.keys(first).filter((name) => !columns.includes(name));
    const hasBoth = ['audit_events', 'findings'].includes(table);
    expect(more).toEqual(hasBoth ? [] : ['row_uid', 'revision']);
    for (const name of columns) expect(first).toHaveProperty(name);
  });

  test('whoever keeps the newest revision of a figure has usage_metrics', async () => {
    const rows = await sentOf(deliverables, 'usage_metrics');
    const newest = new Map<string, Sent>();
    for (const row of rows) {
      if ((newest.get(row.uid)?.revision ?? 0) < row.revision) newest.set(row.uid, row);
    }
    const there = parsed([...newest.values()])
      .filter(({ value }) => value !== null)
      .map(({ row_uid: _uid, revision: _revision, ...row }) => JSON.stringify(row));
    const table = await rowsOf(published.path, 'select * from usage_metrics');
    expect(there.toSorted()).toEqual(table.map((row) => JSON.stringify(row)).toSorted());
    expect(rows.length).toBeGreaterThan(newest.size);
  });
});

test('instants, digits, spaces and JSON go out as they are', async () => {
  const archive = await TestArchive.make();
  const record = `{"id":"e1","timestamp":"2026-03-01T12:00:00.123456Z","eventType":"x.y",\n "big":12345678901234567890123,\t"half":1.50,"text":"a\\nb\\u2028\\"" }`;
  await archive.add('audit-logs', [{ key: 'e1', time: '2026-03-01T12:00:00.123Z', record }]);
  const [row] = await sentOf(await opened(await archive.load()), 'audit_events');
  expect(row).toMatchObject({
    uid: 'acme:e1',
    revision: 1,
    time: Date.UTC(2026, 2, 1, 12, 0, 0, 123),
  });
  expect(row?.json).toContain(`"raw":${record.replaceAll('\n', ' ')},`);
  expect(JSON.parse(row?.json ?? '')).toMatchObject({
    occurred_at: '2026-03-01T12:00:00.123456Z',
    first_seen_at: '2026-03-01T00:00:00.000Z',
    event_id: 'e1',
    ip_address: null,
    raw: { text: 'a\nb\u2028"' },
  });
});

test('events of any year, or of none', async () => {
  const cases = [
    ['2000-01-01T00:00:00Z', '2000-01-01T00:00:00.000Z', '2000-01-01T00:00:00.000Z'],
    ['2099-12-31T23:59:59.999Z', '2099-12-31T23:59:59.999Z', '2099-12-31T23:59:59.999Z'],
    // No receiver is bothered with years in which nothing can have happened.
    ['0005-02-03T04:05:06Z', null, null],
    ['9999-12-31T23:59:59.999Z', null, null],
    ['12026-03-01T00:00:00Z', null, null],
    [null, null, null],
  ] as const;
  const archive = await TestArchive.make();
  await archive.add(
    'audit-logs',
    cases.map(([timestamp], i) => ({ ...event(`e${i}`, { timestamp }), time: null })),
  );
  const deliverables = await opened(await archive.load());
  const rows = parsed(await sentOf(deliverables, 'audit_events'));
  expect(rows.map((row) => row['occurred_at'])).toEqual(cases.map(([, inJson]) => inJson));
  const file = join(archive.home, 'rows.parquet');
  await deliverables.parquet(deliverableTable('audit_events'), file, 0, 9);
  const stored = await parquetReadObjects({ file: await asyncBufferFromFile(file), compressors });
  const times = stored.map((row: Record<string, unknown>): [string, unknown] => {
    const at = row['occurred_at'];
    return [String(row['event_id']), at instanceof Date ? at.toISOString() : at];
  });
  expect(Object.fromEntries(times)).toEqual(
    Object.fromEntries(cases.map(([, , inParquet], i) => [`e${i}`, inParquet])),
  );
});

test('rows of a megabyte pass', async () => {
  const archive = await TestArchive.make();
  const long = Array.from({ length: tries(16, 8) }, (_, i) =>
    event(`e${i}`, { text: 'x'.repeat(2 ** 20) }),
  );
  await archive.add('audit-logs', long);
  const deliverables = await opened(await archive.load());
  for (const format of ['auditlake', 'ocsf'] as const) {
    const rows = await sentOf(deliverables, 'audit_events', { format });
    expect(rows.map(({ uid, json }) => [uid, json.length > 2 ** 20])).toEqual(
      long.map((_, i) => [`acme:e${i}`, true]),
    );
  }
});

test('a revision comes under its own seq, and nothing beside it is skipped', async () => {
  const archive = await TestArchive.make();
  await archive.add('audit-logs', [event('e1'), event('e2')]);
  await archive.add('users', [{ key: 'u1', record: { id: 'u1', username: 'ann' } }]);
  const before = await opened(await archive.load());
  const sent = await sentOf(before, 'audit_events');
  const [first] = sent;
  await archive.add('audit-logs', [
    event('e3'),
    event('e1', { note: 'changed' }),
    { absent: 'e2', at: '2026-03-02T00:00:00Z' },
    { finding: 'clock', at: '2026-03-02T00:00:00Z', what: 'odd' },
    { key: 'bad', record: '[1]' },
    event('e4'),
  ]);
  const after = await opened(await archive.load());
  // Stopped after the first of two: the second was not delivered, and the first has been replaced.
  const rest = await sentOf(after, 'audit_events', { after: first?.position ?? START });
  expect(rest.map(({ uid, revision, position }) => [uid, revision, position.seq])).toEqual([
    ['acme:e2', 1, 1],
    ['acme:e3', 1, 3],
    ['acme:e1', 2, 3],
    ['acme:e4', 1, 3],
  ]);
});

test('a figure that was withdrawn is sent without a value', async () => {
  const archive = await TestArchive.make();
  const day = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
  const page = { context: { scope: 'team', scope_id: 't1', granularity: 'daily' } };
  const key = 't1/2026-03-01T00:00:00Z';
  await archive.add('usage-team', [{ key, record: { ...day, activeUsers: 3 } }], page);
  await archive.add('usage-team', [{ key, record: day }], page);
  const rows = await sentOf(await opened(await archive.load()), 'usage_metrics');
  expect(parsed(rows).map(({ metric, value }) => [metric, value])).toEqual([
    ['active_users', 3],
    ['active_users', null],
  ]);
  expect(rows[1]?.uid).toBe(rows[0]?.uid);
  expect(rows[1]?.revision).toBeGreaterThan(rows[0]?.revision ?? Infinity);
});

const user = (username: string): Item[] => [{ key: 'u1', record: { id: 'u1', username } }];

test('a version of a thing that was followed by another has an end, and is a later revision', async () => {
  const archive = await TestArchive.make();
  await archive.add('users', user('ann'), { at: '2026-03-01T00:00:00Z' });
  const [open] = await sentOf(await opened(await archive.load()), 'entity_history');
  await archive.add('users', user('anna'), { at: '2026-03-05T00:00:00Z' });
  const [closed, next] = await sentOf(await opened(await archive.load()), 'entity_history');
  expect(closed).toMatchObject({ uid: open?.uid, revision: 2, position: open?.position });
  expect(parsed([closed, next].flatMap((row) => row ?? []))).toMatchObject([
    { name: 'ann', valid_to: '2026-03-05T00:00:00.000Z' },
    { name: 'anna', valid_to: null },
  ]);
  expect(next).toMatchObject({ revision: 1 });
});

/** A row of either kind as text: integers are of another type in Parquet. */
const plain = (row: object): string =>
  JSON.stringify(row, (_name, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );

const placed = ({ position, uid, revision, time }: Sent): object => ({
  position,
  uid,
  revision,
  time,
});

test('many rows come in portions, as OCSF too', async () => {
  const archive = await TestArchive.make();
  const events = Array.from({ length: 5_000 }, (_, i) => event(`e${i}`));
  await archive.add('audit-logs', events.slice(0, 4_999));
  await archive.add('audit-logs', events.slice(4_999));
  const deliverables = await opened(await archive.load());
  const rows = await sentOf(deliverables, 'audit_events');
  expect(rows.map(({ uid }) => uid)).toEqual(events.map((_, i) => `acme:e${i}`));
  const ocsf = await sentOf(deliverables, 'audit_events', { format: 'ocsf' });
  expect(ocsf.map(placed)).toEqual(rows.map(placed));
  expect(JSON.parse(ocsf[0]?.json ?? '')).toMatchObject({ metadata: { uid: 'acme:e0' } });
  expect(await deliverables.cuts(deliverableTable('audit_events'), 0, 7, 4_999)).toEqual([1, 7]);
  expect(await deliverables.cuts(deliverableTable('audit_events'), 1, 7, 10)).toEqual([7]);
});

test.each([
  { seqs: [], cuts: [9] },
  { seqs: [[1, 5, 1]], cuts: [9] },
  {
    seqs: [
      [1, 5, 1],
      [2, 5, 1],
      [4, 1, 1],
    ],
    cuts: [2, 9],
  },
  {
    seqs: [
      [1, 99, 1],
      [3, 1, 1],
    ],
    cuts: [1, 9],
  },
  {
    seqs: [
      [1, 1, 60],
      [2, 1, 60],
      [3, 1, 60],
    ],
    cuts: [1, 2, 9],
  },
])('cuts of $seqs', ({ seqs, cuts }) => {
  const sizes = seqs.map(([seq = 0, rows = 0, bytes = 0]) => ({ seq, rows, bytes }));
  expect(portionsOf(sizes, 9, { rows: 10, bytes: 100 }).map(({ to }) => to)).toEqual(cuts);
});
