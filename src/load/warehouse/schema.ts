import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { PSEUDONYM_PREFIX, type StatedStream, type Transform } from '../../model.ts';
import { INSTANT_SQL } from '../../platform/instant.ts';
import { KEY_SQL } from '../../platform/key.ts';
import { sqlNextTo } from '../../platform/sql-file.ts';
import { literal } from '../database.ts';
import { MACROS, qualified, STORED_TABLES, type Table, TABLES } from '../tables.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../views/${name}.sql`, import.meta.url), 'utf8').replaceAll(
    '$pseudonym_prefix',
    literal(PSEUDONYM_PREFIX),
  );

/**
 * `internal.figure_of(json)`: a number, or a text that is one, since some servers send all numbers as texts; null for anything
 * else. `internal.figure_named(name, json)` is for mappings that take whatever is a figure: there, what is named like an
 * id or a version is none, though it be written in digits. `internal.major_units(json)` is an amount of money in cents, be it a number or a text, as a
 * decimal in dollars: sums of binary fractions would differ from the bill. `internal.snake_case(name)` is how a metric is called of which the
 * vendor writes the name in camel case, and `internal.day_of(instant)` the beginning of its UTC day.
 */
const FIGURE_SQL = `
create macro internal.figure_of(value) as
  case
    when json_type(value) in ('BIGINT', 'UBIGINT', 'DOUBLE') then try_cast(value as double)
    when json_type(value) = 'VARCHAR' and regexp_full_match(value ->> '$', '-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?')
      then try_cast(value ->> '$' as double)
  end;
create macro internal.figure_named(name, value) as
  case when json_type(value) <> 'VARCHAR' or not regexp_matches(name, '(?i)(id|name|version|type|key|code|date|time)$')
    then internal.figure_of(value) end;
create macro internal.snake_case(name) as lower(regexp_replace(name, '([a-z0-9])([A-Z])', '\\1_\\2', 'g'));
create macro internal.day_of("at") as time_bucket(interval 1 day, "at" at time zone 'UTC') at time zone 'UTC';
create macro internal.major_units(value) as try_cast(value ->> '$' as decimal(30, 12)) * 0.01::decimal(3, 2);
`;

const INTERNAL_MACROS = `${INSTANT_SQL}${KEY_SQL}${FIGURE_SQL}`;

const STORED = `create schema internal;\n${INTERNAL_MACROS}${STORED_TABLES.map(createSql).join('\n')}`;

/** In the order of their dependencies. */
const VIEWS = [
  'names',
  'directory',
  'events',
  'people',
  'person-events',
  'usage',
  'costs',
  'unused-accounts',
  'sessions',
  'findings',
  'access',
  'grants',
  'first-seen',
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

/** Works out `person_accounts` and `ambiguous_identities`. */
export const HOLD_PEOPLE = sqlNextTo(import.meta.url)('hold-people');

/** A digest of tables, views, comments and what works out rows of them. A warehouse with another one is rebuilt. */
export const SCHEMA_VERSION = createHash('sha256')
  .update([STORED, VIEWS, COMMENTS, HOLD_PEOPLE].join('\n'))
  .digest('hex');

/** Creates the tables and views with their comments, without a row. */
export async function createDescribed(connection: DuckDBConnection): Promise<void> {
  await connection.run(STORED);
  await connection.run(VIEWS);
  await connection.run(COMMENTS);
}

/** Adds the rows that no record brings. */
export async function fillVocabulary(
  connection: DuckDBConnection,
  { version, actions, access, measures, products, streams }: Transform,
): Promise<void> {
  await connection.run('insert into internal.meta values ($version, 0)', { version });
  await fill(connection, 'actions', actions);
  await fill(connection, 'access_changes', access);
  await fill(connection, 'measures', measures);
  await fill(connection, 'vendors', products);
  await fill(connection, 'stated_streams', streams);
}

/** Creates only what says how far streams were read, to load a ledger into. */
export async function createProgress(
  connection: DuckDBConnection,
  streams: readonly StatedStream[],
): Promise<void> {
  await connection.run(STORED);
  await fill(connection, 'stated_streams', streams);
  await connection.run(read('streams'));
}

/** Creates only what the coverage is computed from, to load a ledger into. */
export async function createCoverage(
  connection: DuckDBConnection,
  streams: readonly StatedStream[],
): Promise<void> {
  await createProgress(connection, streams);
  await connection.run(read('coverage'));
}

function createSql(table: Table): string {
  const columns = Object.entries(table.columns).map(
    ([name, { type, compression }]) =>
      `"${name}" ${type}${compression === undefined ? '' : ` using compression ${compression}`}`,
  );
  // No indexes and no constraints: the statements that load keep rows unique.
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

/** Inserts what the transform declares; every column is text. */
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
