/** The SQL that a table's rows are selected with, and what a receiver gets made of. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlNextTo } from '../../platform/sql-file.ts';
import type { RowFormat } from '../../sinks/port.ts';
import { DELIVERABLES, type DeliverableTable } from '../tables.ts';
import { type ColumnOf, rowJsonSql } from './row-json.ts';

/** By table SQL over a relation `rows` with its columns and `n`, giving seq, n, event_uid, revision, occurred_at and json. */
export type Ocsf = Readonly<Record<string, string>>;

const millis = (column: string): string =>
  `(case when isfinite(${column}) then epoch_ms(${column}) end)::double`;
const read = sqlNextTo(import.meta.url);
const SELECTS = Object.fromEntries(DELIVERABLES.map(({ name }) => [name, read(name)]));

/** Rows of the seqs in (`after`, `to`]. The numbers are put in: COPY takes no parameters. */
export function selectSql(table: DeliverableTable, after: number, to: number): string {
  const sql = SELECTS[table.name] ?? '';
  return `\n${sql.replace('$after', String(after)).replace('$to', String(to))}\n`;
}

/**
 * Selects the rows of the temporary table `rows` in the form that a receiver gets: seq, n, uid, revision, time and json.
 *
 * @throws Error if the table has no such form; the configuration rules that out
 */
export async function deliverySql(
  connection: DuckDBConnection,
  { name, uid, time }: DeliverableTable,
  format: RowFormat,
  ocsf: Ocsf,
): Promise<string> {
  if (format === 'ocsf') {
    const made = ocsf[name];
    if (made === undefined) throw new Error(`${name} has no OCSF form`);
    return `select
      seq::double as seq, n::double as n, event_uid as uid, revision::double as revision,
      ${millis('occurred_at')} as time, json
    from (\n${made}\n)`;
  }
  const json = rowJsonSql(await columnsOf(connection, 'rows'));
  return `select
    seq::double as seq, n::double as n, ${uid} as uid, revision::double as revision,
    ${millis(time)} as time, ${json} as json
  from rows`;
}

/** All but `n`, which is about the delivery. */
export async function columnsOf(
  connection: DuckDBConnection,
  relation: string,
): Promise<ColumnOf[]> {
  const reader = await connection.runAndReadAll(`describe select * exclude (n) from ${relation}`);
  return reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** A column as it is written into Parquet: JSON as text. */
export function parquetSql({ name, type }: ColumnOf): string {
  const column = `"${name}"`;
  if (type === 'JSON') return `${column}::varchar as ${column}`;
  if (type !== 'TIMESTAMP WITH TIME ZONE') return column;
  // Some receivers know the years 1 to 9999 only, and refuse a file with any other.
  return `case when ${column} >= timestamptz '0001-01-01 00:00:00Z' and ${column} < timestamptz '10000-01-01 00:00:00Z'
    then ${column} end as ${column}`;
}
