/** What people and their scripts rely on: names, columns and types; and that a client shows what each of them means. */
import { readFileSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { literal } from '../../src/load/database.ts';
import { MACROS, PUBLIC_TABLES, TABLES } from '../../src/load/tables.ts';
import { type Row } from './archive.ts';
import { companyWarehouse } from './company.ts';

/** Per table, view and macro of the version before the tables were described in one place: its columns and their types. */
const BEFORE = JSON.parse(
  readFileSync(new URL('public-schema.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, string>>;

const CALLS: Record<string, string> = {
  timeline: `timeline('Ann@acme.test')`,
  grants_between: `grants_between('2026-10-01', timestamptz '2026-11-30')`,
  access_as_of: `access_as_of(timestamptz '2026-11-30 00:00:00Z')`,
  admins_as_of: `admins_as_of(timestamptz '2026-11-30 00:00:00Z')`,
  restated_between: `restated_between('2026-10-01', null)`,
  coverage_as_of: `coverage_as_of(timestamptz '2026-11-30 00:00:00Z', interval 48 hours)`,
};

const { path, query } = companyWarehouse();

/** By table and view, the types of the columns in their order. To ask of one takes planning it. */
let columns: Map<unknown, [unknown, unknown][]>;
/** Somebody's own database, to which the warehouse is attached. */
let own: { instance: DuckDBInstance; connection: DuckDBConnection };

beforeAll(async () => {
  const rows = await query(
    `select schema_name || '.' || table_name as relation, column_name, data_type from duckdb_columns()
     where not internal order by relation, column_index`,
  );
  columns = new Map();
  for (const { relation, column_name, data_type } of rows) {
    const known = columns.get(relation) ?? [];
    columns.set(relation, known);
    known.push([column_name, data_type]);
  }
  own = await ownDatabase();
});

afterAll(() => {
  own.connection.closeSync();
  own.instance.closeSync();
});

async function columnsOf(relation: string): Promise<[unknown, unknown][]> {
  if (!relation.includes('(')) return columns.get(relation) ?? [];
  const rows = await query(`describe select * from ${relation}`);
  return rows.map((row) => [row['column_name'], row['column_type']]);
}

test.each(Object.entries(BEFORE))(
  '%s has the columns that it had, in their order',
  async (name, before) => {
    expect(await columnsOf(CALLS[name] ?? `main.${name}`)).toEqual(Object.entries(before));
  },
);

test('a new client finds what there is to query, and nothing else', async () => {
  const shown = await query('show tables');
  const described = PUBLIC_TABLES.map(({ name }) => name);
  expect(shown.map(({ name }) => name)).toEqual(described.toSorted());
  expect([...described, ...MACROS.map(({ name }) => name)].toSorted()).toEqual(
    Object.keys(BEFORE).toSorted(),
  );
});

test.each(TABLES)(
  '$schema.$name is as it is described',
  async ({ schema, name, key, ...table }) => {
    const types = Object.entries(table.columns).map(([column, { type }]) => [
      column,
      type === 'timestamptz' ? 'TIMESTAMP WITH TIME ZONE' : type.toUpperCase(),
    ]);
    expect(await columnsOf(`${schema}.${name}`)).toEqual(types);
    const { rows, keys } = await counted(`${schema}.${name}`);
    if (key.length > 0) expect(keys).toBe(rows);
  },
);

const KEYS = new Map(TABLES.map(({ schema, name, key }) => [`${schema}.${name}`, key]));
const counts = new Map<string, Promise<Row>>();

/** How many rows there are, and how many keys: asked once of a view, of which planning takes most of the time. */
async function counted(relation: string): Promise<Row> {
  const names = (KEYS.get(relation) ?? []).map((column) => `"${column}"`);
  const keys = names.length === 0 ? 'null' : `count(distinct row(${names.join(', ')}))::integer`;
  const asked =
    counts.get(relation) ??
    query(`select count(*)::integer as rows, ${keys} as keys from ${relation}`).then(
      ([row = {}]) => row,
    );
  counts.set(relation, asked);
  return await asked;
}

test('every public table and each of its columns says what it is', async () => {
  const silent = await query(
    `select table_name, '' as column_name from duckdb_tables() where schema_name = 'main' and comment is null
     union all
     select view_name, '' from duckdb_views() where not internal and schema_name = 'main' and comment is null
     union all
     select table_name, column_name from duckdb_columns()
     where not internal and schema_name = 'main' and comment is null
     union all
     select function_name, '' from duckdb_functions()
     where not internal and schema_name = 'main' and comment is null`,
  );
  expect(silent).toEqual([]);
  expect(
    await query(
      `select comment from duckdb_columns() where table_name = 'users' and column_name = 'status'`,
    ),
  ).toEqual([
    { comment: '`active` or `deactivated`; `active` where the vendor lists members without one' },
  ]);
});

/** As somebody does who has tables of these names already. */
async function ownDatabase(): Promise<typeof own> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run('create table events (nothing int); create table ledger (nothing int)');
  await connection.run('create schema internal; create table internal.events (nothing int)');
  await connection.run(`attach ${literal(path())} as w (read_only)`);
  return { instance, connection };
}

async function countedHere(relation: string): Promise<unknown> {
  const sql = `select count(*)::integer as rows from ${relation}`;
  const reader = await own.connection.runAndReadAll(sql);
  return reader.getRowObjectsJson()[0]?.['rows'];
}

test.each(PUBLIC_TABLES)('$name answers under another name of the database', async ({ name }) => {
  const { rows } = await counted(`main.${name}`);
  expect(await countedHere(`w.${name}`)).toBe(rows);
});

test.each(MACROS)('$name answers once the database is the one in use', async ({ name }) => {
  const call = CALLS[name] ?? '';
  const { rows } = await counted(call);
  await own.connection.run('use w');
  const here = await countedHere(call);
  await own.connection.run('use memory');
  expect(here).toBe(rows);
});
