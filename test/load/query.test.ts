import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditlakeError } from '../../src/errors.ts';
import type { Parameters } from '../../src/load/query/bound.ts';
import { type QuerySession, openQuery } from '../../src/load/query/query.ts';
import type { JsonValue } from '../../src/load/query/json-values.ts';
import { openZone } from '../../src/platform/zone.ts';
import { TestArchive } from './archive.ts';

const TIME = '2026-02-01T10:00:00.123Z';

let archive: TestArchive;
let session: QuerySession;

beforeAll(async () => {
  archive = await TestArchive.open();
  const record = { id: 'a', timestamp: TIME, eventType: 'user.login' };
  await archive.add('audit-logs', [{ key: 'a', time: TIME, record }]);
  await archive.load();
  session = await openQuery({ file: join(archive.home, 'warehouse.duckdb') });
});

afterAll(async () => {
  await session.close();
  await rm(archive.home, { recursive: true });
});

async function rows(sql: string, parameters: Parameters = {}): Promise<JsonValue[][]> {
  const all: JsonValue[][] = [];
  for await (const chunk of (await session.run(sql, { parameters })).chunks) all.push(...chunk);
  return all;
}

test('values survive as JSON', async () => {
  const { columns } = await session.run('select 1 as a, 2 as b');
  expect(columns).toEqual([
    { name: 'a', isJson: false },
    { name: 'b', isJson: false },
  ]);
  expect(
    await rows(`select 9007199254740993, 5, occurred_at, timestamptz '2026-01-01 00:00:00.000001Z', 1.50::decimal(9,2),
      [1, null], {'a': 'x'}, null, 'nan'::double, date '2026-01-02', timestamptz 'infinity' from audit_events`),
  ).toEqual([
    [
      '9007199254740993',
      5,
      TIME,
      '2026-01-01T00:00:00.000001Z',
      1.5,
      [1, null],
      { a: 'x' },
      null,
      'NaN',
      '2026-01-02',
      'infinity',
    ],
  ]);
  expect(await rows('from range(10000)')).toHaveLength(10_000);
});

test.each([
  '-- a comment\nselect 1',
  '/* /* nested */ */ from audit_events',
  'explain select 1',
  'explain analyze (select 1)',
  'explain (format json) select 1',
  'describe audit_events',
  'summarize audit_events',
  'show tables',
  'values (1); -- done',
  '(select 1)',
  'with a as (select 1) from a',
  `select 'enable_logging()'`,
])('taken: %s', async (sql) => {
  expect((await rows(sql)).length).toBeGreaterThan(0);
});

test.each([
  `select * from read_csv('/etc/passwd')`,
  `select * from '/etc/passwd'`,
  `select * from read_text('/etc/passwd')`,
  `select * from glob('/etc/*')`,
  `copy (select 1) to '/tmp/auditlake-refused'`,
  `attach '/tmp/auditlake-refused.duckdb'`,
  'install httpfs',
  'load httpfs',
  'set threads = 1',
  `set temp_directory = '/'`,
  'pragma database_list',
  `/*/**/*/pragma table_info('audit_events')`,
  'call pragma_version()',
  `select * from enable_logging(level = 'trace', storage = 'stdout')`,
  `explain analyze select * from system.main.enable_logging()`,
  `explain /* /**/ */ (format json) select write_log('x')`,
  `select * from query('select * from enable_logging()')`,
  `select * from json_execute_serialized_sql(json_serialize_sql('select 1'))`,
  `with a as (select "getenv"('HOME')) from a`,
  '/* */ -- x\n PRAGMA version',
  `select getenv('HOME')`,
  'select 1; select 2',
  'delete from internal.events',
  'create table t as select 1',
  'selec 1',
  '',
  'select * from nothing',
  `select 1) to '/tmp/auditlake-refused'; --`,
])('refused: %s', async (sql) => {
  const error = await rows(sql).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AuditlakeError);
  expect(error).toMatchObject({ code: 'sql', exit: 2 });
});

test('an answer goes into a Parquet file, complete or not at all', async () => {
  const path = join(archive.home, "it's.parquet");
  const write = (sql: string, parameters = {}) => session.writeParquet(sql, parameters, path);
  expect(await write('select event_id from audit_events; ')).toEqual({ rows: 1 });
  expect(await write('from audit_events -- done')).toEqual({ rows: 1 });
  expect(await write('from audit_events where event_id = $id', { id: 'b' })).toEqual({ rows: 0 });
  const before = await readFile(path);
  expect(before.subarray(0, 4).toString()).toBe('PAR1');
  for (const sql of [`select error('no') from audit_events`, `from read_text('/etc/passwd')`]) {
    await expect(write(sql)).rejects.toMatchObject({ code: 'sql' });
  }
  expect(await readFile(path)).toEqual(before);
  expect((await readdir(archive.home)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('parameters are values, read as the type that their place needs', async () => {
  const since = 'select count(*) from audit_events where occurred_at >= $since';
  expect(await rows(since, { since: '2026-02-01' })).toEqual([[1]]);
  expect(await rows(since, { since: '2026-02-02' })).toEqual([[0]]);
  expect(await rows('select $n::integer + 1', { n: '41' })).toEqual([[42]]);
  const text = `' or true; drop table x --`;
  expect(await rows('select $t as t', { t: text })).toEqual([[text]]);
  for (const [sql, parameters, message] of [
    [since, {}, '$since'],
    [since, { since: 'x', other: 'y' }, '$other'],
    ['select 1', { a: '1' }, '$a'],
    ['select $constructor', {}, '$constructor'],
    [since, { since: 'soon' }, 'soon'],
  ] as const) {
    await expect(rows(sql, parameters)).rejects.toMatchObject({
      code: 'sql',
      message: expect.stringContaining(message),
    });
  }
});

test('a timestamp without a zone gets none, and instants are shown by the clocks that are asked for', async () => {
  const sql = `select timestamp '2026-07-01 12:00:00' as plain, timestamptz '2026-07-01 12:00:00.5Z' as at,
    [timestamptz '2026-01-01 00:00:00Z'] as list`;
  const shown = async (name: string | null): Promise<JsonValue[]> => {
    const { chunks } = await session.run(sql, { zone: name === null ? null : openZone(name) });
    for await (const [row] of chunks) if (row !== undefined) return row;
    return [];
  };
  const plain = '2026-07-01T12:00:00.000';
  expect(await shown(null)).toEqual([
    plain,
    `${plain.slice(0, -3)}500Z`,
    ['2026-01-01T00:00:00.000Z'],
  ]);
  expect(await shown('Europe/Berlin')).toEqual([
    plain,
    '2026-07-01T14:00:00.500+02:00',
    ['2026-01-01T01:00:00.000+01:00'],
  ]);
  expect(await shown('America/St_Johns')).toEqual([
    plain,
    '2026-07-01T09:30:00.500-02:30',
    ['2025-12-31T20:30:00.000-03:30'],
  ]);
});

test('what is wrong with the SQL is said with candidates, line and caret', async () => {
  const error = await rows('select actoremail\nfrom audit_events').catch(
    (thrown: unknown) => thrown,
  );
  expect(String(error)).toMatch(/Candidate bindings: .*"actor_email"/);
  expect(String(error)).toMatch(/LINE 1: select actoremail\n +\^/);
});

test('audit_events has the columns of the contract, in its order', async () => {
  const { columns } = await session.run('from audit_events');
  expect(columns.map(({ name }) => name).join(' ')).toBe(
    'event_uid event_id source vendor organization_id occurred_at action category activity ' +
      'actor_type actor_id actor_email actor_name target_type target_id target_email target_name ' +
      'team_id team_name name_basis ip_address user_agent request_id details raw raw_altered ' +
      'revision first_seen_at seq',
  );
});
