/** What people and their scripts rely on: names, columns and types; and that a client shows what each of them means. */
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
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
  coverage_as_of: `coverage_as_of(timestamptz '2026-11-30 00:00:00Z', interval 48 hours)`,
};

const { path, query } = companyWarehouse();

async function columnsOf(relation: string): Promise<Record<string, unknown>> {
  const rows = await query(`describe select * from ${relation}`);
  return Object.fromEntries(rows.map((row) => [row['column_name'], row['column_type']]));
}

test.each(Object.entries(BEFORE))(
  '%s has the columns that it had, in their order',
  async (name, columns) => {
    const present = await columnsOf(CALLS[name] ?? name);
    expect(Object.entries(present)).toEqual(Object.entries(columns));
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

test.each(TABLES)('$schema.$name is as it is described', async ({ schema, name, columns, key }) => {
  const present = await columnsOf(`${schema}.${name}`);
  const types = Object.entries(columns).map(([column, { type }]) => [
    column,
    type === 'timestamptz' ? 'TIMESTAMP WITH TIME ZONE' : type.toUpperCase(),
  ]);
  expect(Object.entries(present)).toEqual(types);
  const names = key.map((column) => `"${column}"`).join(', ');
  expect(
    await query(`select ${names} from ${schema}.${name} group by all having count(*) > 1`),
  ).toEqual([]);
});

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

/** As somebody does who has a database of their own. */
async function attached(statements: readonly string[]): Promise<Row[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run('create table events (nothing int); create table ledger (nothing int)');
    await connection.run('create schema internal; create table internal.events (nothing int)');
    await connection.run(`attach ${literal(path())} as w (read_only)`);
    for (const sql of statements.slice(0, -1)) await connection.run(sql);
    const reader = await connection.runAndReadAll(statements.at(-1) ?? '');
    return reader.getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test.each(PUBLIC_TABLES)('$name answers under another name of the database', async ({ name }) => {
  const count = `select count(*)::integer as n from`;
  expect(await attached([`${count} w.${name}`])).toEqual(await query(`${count} ${name}`));
});

test.each(MACROS)('$name answers once the database is the one in use', async ({ name }) => {
  const sql = `select count(*)::integer as n from ${CALLS[name]}`;
  expect(await attached(['use w', sql])).toEqual(await query(sql));
});
