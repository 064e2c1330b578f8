/** Whatever differs between the published warehouse and what the archive gives is found, counted and named. */
import { copyFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from '../../src/load/differences/differences.ts';
import { STORED_TABLES } from '../../src/load/tables.ts';
import type { Generation } from '../../src/load/warehouse/begin.ts';
import { few, tries } from '../long.ts';
import { DEVIN, TestArchive, rowsOf } from './archive.ts';

function day(date: number): string {
  return `2026-02-${String(date).padStart(2, '0')}T10:00:00.000Z`;
}

let archive: TestArchive;
let fresh: Generation;
let published: string;
let copies = 0;

/** Events are in three batches on three days; what each case needs of the other tables is there. */
beforeAll(async () => {
  archive = await TestArchive.open();
  for (const date of [1, 2, 3]) {
    const events = ['a', 'b', 'c'].map((name) => {
      const id = `${name}${date}`;
      const record = { id, timestamp: day(date), eventType: 'user.login', actor: { id: 'u1' } };
      return { key: id, time: day(date), record };
    });
    await archive.add('audit-logs', [...events, { absent: `gone${date}`, at: day(date) }]);
  }
  await archive.add('users', [
    { key: 'u1', record: { id: 'u1', username: 'Ada', updatedAt: day(1) } },
    { key: 'u2', record: { id: 'u2', username: 'Bo', updatedAt: day(1) } },
  ]);
  const member = { key: 't1/u1', record: { id: 'u1', username: 'Ada' } };
  await archive.add('team-members', [member], { context: { team_id: 't1' } });
  archive.account = DEVIN;
  const session = { session_id: 's1', acus_consumed: 0, created_at: 1_770_000_000 };
  await archive.add('sessions', [{ key: 's1', time: day(1), record: session }]);
  published = (await archive.load()).path;
  fresh = await archive.begin({ fresh: true });
  await fresh.apply(archive.batches);
  await fresh.seal({ files: [], seq: archive.seq });
});

afterAll(async () => {
  await fresh.finish();
  await rm(archive.home, { recursive: true });
});

/** A copy of the published file into which a program of somebody else's has written. */
async function writtenInto(sql: string): Promise<string> {
  copies += 1;
  const path = join(dirname(published), `copy-${copies}.duckdb`);
  await copyFile(published, path);
  await write(path, sql);
  return path;
}

async function write(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  await connection.run('checkpoint');
  connection.closeSync();
  instance.closeSync();
}

const BATCH_BY_BATCH = { ends: [1, 2, 3, 4, 5], memoryMb: 128 };

test('every table of the schema is compared, by columns that it has', async () => {
  const tables = await rowsOf(
    published,
    'select schema_name as schema, table_name as name from duckdb_tables() order by 2',
  );
  expect(
    STORED_TABLES.map(({ schema, name }) => ({ schema, name })).toSorted((one, other) =>
      one.name < other.name ? -1 : 1,
    ),
  ).toEqual(tables);
});

test('equal is equal, also after the file was written several times', async () => {
  const rewrite = 'create table passing (i int); drop table passing';
  const path = await writtenInto(rewrite);
  for (const turn of [2, 3]) {
    expect({ turn, found: await differences(path, fresh.path) }).toEqual({ turn, found: [] });
    await write(path, rewrite);
  }
});

const CHANGED = { only_in_warehouse: 1, only_in_archive: 1 };
const ADDED = { only_in_warehouse: 1, only_in_archive: 0 };
const REMOVED = { only_in_warehouse: 0, only_in_archive: 1 };

const SECOND_DAY = { table: 'events', source: 'acme', stream: null, day: '2026-02-02' };
const B2 = { seq: 2, n: 3, event_uid: 'acme:b2' };

function endingIn(letter: string): Promise<string> {
  return writtenInto(
    `update internal.events set raw = json_object('text', repeat('x', 5000) || '${letter}') where event_id = 'b2'`,
  );
}

test('of a long record, for which its hash stands, one letter that differs is seen', async () => {
  const [one, same, other] = [await endingIn('a'), await endingIn('a'), await endingIn('b')];
  expect(await differences(one, same)).toEqual([]);
  expect(await differences(one, other)).toMatchObject([{ ...SECOND_DAY, ...CHANGED }]);
});

test('what stands for a long record in the comparison does not pass for it', async () => {
  const long = await endingIn('a');
  const emptied = await endingIn('a');
  const [row] = (await rowsOf(
    long,
    "select sha256(raw::varchar) as hash from internal.events where event_id = 'b2'",
  )) as { hash: string }[];
  const instance = await DuckDBInstance.create(emptied);
  const connection = await instance.connect();
  // The appender takes any text for JSON.
  await connection.run('create temp table texts (raw json)');
  const appender = await connection.createAppender('texts', null, 'temp');
  const texts = [row?.hash ?? '', `sha256:${row?.hash ?? ''}`];
  for (const text of texts) {
    appender.appendVarchar(text);
    appender.endRow();
  }
  appender.closeSync();
  const found: unknown[] = [];
  for (const at of [0, 1]) {
    await connection.run(
      `update internal.events set raw = (select raw from texts limit 1 offset ${at}) where event_id = 'b2'; checkpoint`,
    );
    const copy = `${emptied}.${at}`;
    await copyFile(emptied, copy);
    found.push(await differences(long, copy));
  }
  connection.closeSync();
  instance.closeSync();
  expect(found).toMatchObject(texts.map(() => [{ ...SECOND_DAY, ...CHANGED }]));
});

test.each(
  few(6, [
    [
      'one value of one row',
      `update internal.events set ip_address = '192.0.2.1' where event_id = 'b2'`,
      [
        {
          ...SECOND_DAY,
          ...CHANGED,
          rows: [
            { only_in: 'warehouse', ...B2 },
            { only_in: 'archive', ...B2 },
          ],
        },
      ],
    ],
    [
      'the sign of zero',
      `insert into internal.sessions select * replace ('-0'::double as acus) from internal.sessions;
     delete from internal.sessions where acus::varchar = '0.0'`,
      [{ table: 'sessions', source: 'agents', ...CHANGED }],
    ],
    [
      'a row that belongs to no batch',
      `insert into internal.events (event_uid) values ('forged')`,
      [
        {
          ...SECOND_DAY,
          source: null,
          day: null,
          ...ADDED,
          rows: [{ only_in: 'warehouse', seq: null, n: null, event_uid: 'forged' }],
        },
      ],
    ],
    [
      'rows of one batch under the number of another',
      'update internal.events set seq = 2 where seq = 3',
      [
        {
          day: '2026-02-03',
          only_in_warehouse: 3,
          only_in_archive: 3,
        },
      ],
    ],
    [
      'more rows than are named, on two days',
      `update internal.events set action = null where seq in (1, 3)`,
      [
        { day: '2026-02-01', only_in_warehouse: 3, only_in_archive: 3, rows: { length: 5 } },
        { day: '2026-02-03', only_in_warehouse: 3, only_in_archive: 3, rows: [] },
      ],
    ],
    [
      'a name over time',
      `update internal.names_over_time set name = 'Eve' where entity_id = 'u2'`,
      [{ table: 'names_over_time', source: 'acme', ...CHANGED }],
    ],
    [
      'a row that is there twice',
      `insert into internal.events from internal.events where event_id = 'b2'`,
      [{ ...SECOND_DAY, ...ADDED, rows: [{ only_in: 'warehouse', ...B2 }] }],
    ],
    [
      'a row that is gone',
      `delete from internal.events where event_id = 'b2'`,
      [{ ...SECOND_DAY, ...REMOVED, rows: [{ only_in: 'archive', ...B2 }] }],
    ],
    [
      'a text for nothing',
      `update internal.events set request_id = '' where event_id = 'b2'`,
      [{ ...SECOND_DAY, ...CHANGED }],
    ],
    [
      'a digest in place of what it is a digest of',
      `update internal.events set raw = to_json(sha256(raw::varchar)) where event_id = 'b2'`,
      [{ ...SECOND_DAY, ...CHANGED }],
    ],
    [
      'two rows that changed places',
      `update internal.events set n = case event_id when 'a2' then 3 else 2 end where event_id in ('a2', 'b2')`,
      [{ ...SECOND_DAY, only_in_warehouse: 2, only_in_archive: 2 }],
    ],
    [
      'an absence that was taken back',
      'update internal.absent_events set returned_seq = 3 where seq = 2',
      [{ table: 'absent_events', ...CHANGED }],
    ],
    [
      'a finding that was removed',
      'delete from anomalies where seq = 2',
      [{ table: 'anomalies', stream: 'audit-logs', day: '2026-02-02', ...REMOVED }],
    ],
    [
      'a version of a user',
      `update internal.entity_versions set email = 'eve@example.com' where entity_id = 'u2'`,
      [{ table: 'entity_versions', stream: 'users', ...CHANGED }],
    ],
    [
      'a membership over time',
      `update internal.memberships_over_time set team_id = 't2'`,
      [{ table: 'memberships_over_time', source: 'acme', ...CHANGED }],
    ],
    [
      'whose an account is',
      `update person_accounts set person_id = 'eve@example.com' where user_id = 'u2'`,
      [{ table: 'person_accounts', source: 'acme', ...CHANGED }],
    ],
    [
      'a word of the vocabulary',
      `delete from internal.actions where action = (select min(action) from internal.actions)`,
      [{ table: 'actions', ...REMOVED }],
    ],
    [
      'the note of the mapping',
      `update internal.meta set seq = 99`,
      [{ table: 'meta', ...CHANGED }],
    ],
  ]),
)('%s is found', async (_, sql, expected) => {
  const path = await writtenInto(sql);
  expect(await differences(path, fresh.path, BATCH_BY_BATCH)).toMatchObject(expected);
});

test.each(
  few(4, [
    [
      'a view that hides rows',
      `create or replace view credential_events as select * from audit_events where false`,
      'credential_events',
    ],
    ['a macro with a name of the language', `create macro lower(text) as 'x'`, 'lower'],
    ['a schema more', 'create schema more', 'more.null'],
    ['an index', 'create index fast on internal.events (event_uid)', 'internal.fast'],
    [
      'a column of another collation',
      'alter table runs alter outcome type varchar collate nocase',
      'runs',
    ],
    ['a comment that says something else', `comment on column users.role is 'none'`, 'users.role'],
    ['a table that is gone', 'drop table internal.absent_events', 'internal.absent_events'],
    ['a view more', 'create view more as select 1 as one', 'more'],
    [
      'a macro with a name of ours',
      'create or replace macro timeline(email) as table select 1',
      'timeline',
    ],
    ['a table more', 'create table more (i int)', 'more'],
    ['a type more', `create type more as enum ('a')`, 'more'],
    ['a column more', 'alter table internal.events add column more int', 'internal.events'],
    [
      'a column of another type',
      'alter table internal.figures alter value type float',
      'internal.figures',
    ],
  ]),
)('%s is found in the definitions', async (_, sql, name) => {
  const found = await differences(await writtenInto(sql), fresh.path);
  expect(found.map(({ table }) => table)).toEqual(['definitions']);
  expect(found[0]?.rows).toContainEqual(expect.objectContaining({ name }));
});

test('however it is divided, the same is found', async () => {
  const path = await writtenInto(
    'update internal.events set seq = 2 where seq = 3; delete from internal.entity_versions',
  );
  const found = await differences(path, fresh.path);
  expect(found.map(({ table }) => table)).toContain('entity_versions');
  expect(await differences(path, fresh.path, BATCH_BY_BATCH)).toMatchObject(
    found.map((place) => ({ ...place, rows: expect.any(Array) as unknown })),
  );
});

const PLACES = tries(60_000, 20);

test('places beyond what a report may hold are counted together', async () => {
  const path = await writtenInto(
    `insert into internal.events (event_uid, source, seq, n)
     select 'forged', 'source-' || i, 2, i from range(${PLACES}) t(i)`,
  );
  const found = await differences(path, fresh.path, BATCH_BY_BATCH);
  expect(found.length).toBeLessThan(1_100);
  expect(found.reduce((sum, { only_in_warehouse }) => sum + only_in_warehouse, 0)).toBe(PLACES);
  expect(found.flatMap(({ rows }) => rows)).toHaveLength(5);
});
