import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PSEUDONYM_PREFIX, type Transform } from '../../model.ts';
import { literal } from '../database.ts';
import { MACROS, qualified, STORED_TABLES, type Table, TABLES } from '../tables.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../views/${name}.sql`, import.meta.url), 'utf8').replaceAll(
    '$pseudonym_prefix',
    literal(PSEUDONYM_PREFIX),
  );

const STORED = `create schema internal;\n${STORED_TABLES.map(createSql).join('\n')}`;

/** Later ones build on earlier ones. */
const VIEWS = [
  'names',
  'directory',
  'events',
  'usage',
  'costs',
  'unused-accounts',
  'sessions',
  'access',
  'streams',
  'coverage',
]
  .map(read)
  .join('\n');

const COMMENTS = [
  ...TABLES.flatMap(commentsSql),
  ...MACROS.map(
    ({ name, comment }) => `comment on macro table main.${name} is ${literal(comment)};`,
  ),
].join('\n');

/** Changes with the tables, views and comments: a warehouse with others is made anew. */
export const SCHEMA_VERSION = createHash('sha256')
  .update([STORED, VIEWS, COMMENTS].join('\n'))
  .digest('hex');

/** Makes the tables and views in an empty database. */
export async function createSchema(
  connection: DuckDBConnection,
  { version, actions, measures, products }: Transform,
): Promise<void> {
  await connection.run(STORED);
  await connection.run(VIEWS);
  await connection.run(COMMENTS);
  await connection.run('insert into internal.meta values ($version, 0)', { version });
  await fill(connection, 'actions', actions);
  await fill(connection, 'measures', measures);
  await fill(connection, 'vendors', products);
}

/** Makes what the coverage is worked out from, without the rest: the ledger is to be loaded into it. */
export async function createCoverage(connection: DuckDBConnection): Promise<void> {
  await connection.run(STORED);
  await connection.run(read('streams'));
  await connection.run(read('coverage'));
}

function createSql(table: Table): string {
  const columns = Object.entries(table.columns).map(([name, { type }]) => `"${name}" ${type}`);
  // No indexes and no constraints: uniqueness is kept by the statements that load.
  return `create table ${qualified(table)} (${columns.join(', ')});`;
}

function commentsSql(table: Table): string[] {
  const columns = Object.entries(table.columns).flatMap(([name, { comment }]) =>
    comment === null
      ? []
      : [`comment on column ${qualified(table)}."${name}" is ${literal(comment)};`],
  );
  return [`comment on ${table.kind} ${qualified(table)} is ${literal(table.comment)};`, ...columns];
}

/** Puts in what the transform brings: all of it is text. */
async function fill(
  connection: DuckDBConnection,
  name: string,
  rows: readonly object[],
): Promise<void> {
  const columns = TABLES.find((table) => table.name === name)?.columns ?? {};
  const shape = Object.fromEntries(Object.keys(columns).map((column) => [column, 'VARCHAR']));
  await connection.run(
    `insert into internal.${name} by name
     select unnest(from_json($rows, ${literal(JSON.stringify([shape]))}), recursive := true)`,
    { rows: JSON.stringify(rows) },
  );
}
