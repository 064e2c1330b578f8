/** The rows of a table as they go into the lake, for whoever writes and whoever compares them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { type LakeTable, qualified } from '../tables.ts';
import { NO_DAY, daySql } from './calendar.ts';
import type { Portion } from './portions.ts';

/**
 * Brings the rows of a portion into a temporary table, with their day as `lake_day`. Names are resolved once for all of them.
 *
 * @param columns what is taken along, as SQL
 */
export async function takePortion(
  connection: DuckDBConnection,
  portion: Portion,
  columns = '*',
): Promise<void> {
  const [first] = portion.days;
  if (first === undefined) return;
  const { table, source } = first;
  await connection.run(
    `create or replace temp table portion as
     select ${columns}, ${daySql(table)} as lake_day from ${qualified(table)} where ${rangeSql(portion)}`,
    { source },
  );
}

/** In terms of the plain column as well, by which DuckDB skips what lies outside. */
function rangeSql(portion: Portion): string {
  const { days } = portion;
  const [{ table, dt: from } = { table: null, dt: NO_DAY }] = days;
  if (table === null) return 'false';
  const to = days.at(-1)?.dt ?? from;
  const range =
    from === NO_DAY
      ? 'true'
      : `"${table.time}" >= timestamptz '${from} 00:00:00Z'
         and "${table.time}" < timestamptz '${to} 00:00:00Z' + interval 1 day`;
  const list = days.map(({ dt }) => `date '${dt}'`).join(', ');
  return `source = $source and ${range} and ${daySql(table)} in (${list})`;
}

export type LakeColumn = { name: string; type: string };

/** All columns as the table has them. JSON is text in Parquet: many readers know nothing else. */
export async function lakeColumns(
  connection: DuckDBConnection,
  table: LakeTable,
): Promise<LakeColumn[]> {
  const reader = await connection.runAndReadAll(
    `select column_name, column_type from (describe ${qualified(table)})`,
  );
  return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** The columns in the types that they have in the lake. */
export function asInLake(columns: readonly LakeColumn[]): string {
  return columns
    .map(({ name, type }) => (type === 'JSON' ? `"${name}"::varchar as "${name}"` : `"${name}"`))
    .join(', ');
}
