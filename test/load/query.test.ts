import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditlakeError } from '../../src/errors.ts';
import { type QuerySession, openQuery } from '../../src/load/query/query.ts';
import type { JsonValue } from '../../src/load/query/json-values.ts';
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

async function rows(sql: string): Promise<JsonValue[][]> {
  const all: JsonValue[][] = [];
  for await (const chunk of (await session.run(sql)).chunks) all.push(...chunk);
  return all;
}

test('values survive as JSON', async () => {
  const { columns } = await session.run('select 1 as a, 2 as b');
  expect(columns).toEqual(['a', 'b']);
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

test('an answer goes into a file, complete or not at all', async () => {
  const path = join(archive.home, "it's.ndjson");
  expect(await session.writeTo('select event_id from audit_events; ', path, 'ndjson')).toEqual({
    rows: 1,
  });
  expect(await readFile(path, 'utf8')).toBe('{"event_id":"a"}\n');
  await session.writeTo('select 1 as a -- done', join(archive.home, 'a.csv'), 'csv');
  expect(await readFile(join(archive.home, 'a.csv'), 'utf8')).toBe('a\n1\n');
  await session.writeTo('from audit_events', join(archive.home, 'a.parquet'), 'parquet');
  expect((await readFile(join(archive.home, 'a.parquet'))).subarray(0, 4).toString()).toBe('PAR1');
  const failing = session.writeTo(`select error('no') from audit_events`, path, 'ndjson');
  await expect(failing).rejects.toMatchObject({ code: 'sql' });
  expect(await readFile(path, 'utf8')).toBe('{"event_id":"a"}\n');
  await expect(session.writeTo(`from read_text('/etc/passwd')`, path, 'csv')).rejects.toMatchObject(
    { code: 'sql' },
  );
  expect((await readdir(archive.home)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('audit_events has the columns of the contract, in its order', async () => {
  const { columns } = await session.run('from audit_events');
  expect(columns.join(' ')).toBe(
    'event_uid event_id source vendor organization_id occurred_at action category activity ' +
      'actor_type actor_id actor_email actor_name target_type target_id target_email target_name ' +
      'team_id team_name name_basis ip_address user_agent request_id details raw raw_altered ' +
      'revision first_seen_at seq',
  );
});
