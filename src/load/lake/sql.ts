/** The rows of a table as they go into the lake, for whoever writes and whoever compares them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../database.ts';
import { type LakeTable, qualified } from '../tables.ts';
import { type Calendar, rangeSql, spanSql } from './calendar.ts';
import type { Portion } from './portions.ts';

/**
 * Brings the rows of a portion into a temporary table, with their span as `lake_span`. Names are resolved once for all of them.
 *
 * @param columns what is taken along, as SQL
 */
export async function takePortion(
  connection: DuckDBConnection,
  { spans }: Portion,
  calendar: Calendar,
  columns = '*',
): Promise<void> {
  const [first] = spans;
  if (first === undefined) return;
  const { table, source } = first;
  const span = spanSql(table, calendar);
  const list = spans.map((one) => literal(one.span)).join(', ');
  const range = rangeSql(table, first.span, spans.at(-1)?.span ?? first.span);
  await connection.run(
    `create or replace temp table portion as
     select ${columns}, ${span} as lake_span from ${qualified(table)}
     where source = $source and ${range} and ${span} in (${list})`,
    { source },
  );
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
