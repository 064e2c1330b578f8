/** The rows of a table as they go into the lake, for whoever writes and whoever compares them. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../database.ts';
import { type LakeTable, qualified } from '../tables.ts';
import { type Calendar, rangeSql, spanSql } from './calendar.ts';
import type { Portion } from './portions.ts';

/**
 * The rows of a portion, with their span as `lake_span`.
 *
 * @param columns what is taken along, as SQL
 */
export function portionSql({ spans }: Portion, calendar: Calendar, columns: string): string {
  const [first] = spans;
  if (first === undefined) throw new Error('a portion has spans');
  const { table, source } = first;
  const span = spanSql(table, calendar);
  const list = spans.map((one) => literal(one.span)).join(', ');
  const range = rangeSql(table, first.span, spans.at(-1)?.span ?? first.span);
  return `select ${columns}, ${span} as lake_span from ${qualified(table)}
    where source = ${literal(source)} and ${range} and ${span} in (${list})`;
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

/** The columns, cast to the types that the lake has for them. */
export function lakeCasts(columns: readonly LakeColumn[]): string {
  return columns
    .map(({ name, type }) => (type === 'JSON' ? `"${name}"::varchar as "${name}"` : `"${name}"`))
    .join(', ');
}
