import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from '../database.ts';
import { LAKE_TABLES, type LakeTable, qualified } from '../tables.ts';
import { type Calendar, rangeSql, spanSql } from './calendar.ts';
import { shownPath } from './paths.ts';

/** The rows that one file of the lake should hold, in figures. */
export type Span = {
  table: LakeTable;
  source: string;
  span: string;
  path: string;
  rows: number;
  seq: number;
  digest: string;
  /** Of its widest column. */
  size: number;
};

/** One source and span of a table. */
export type Which = { source: string; span: string };

/** Of the rows of a relation called `row_of`: equal rows give equal digests, wherever they lie. */
const DIGEST = `count(*) || ':' || sum(hash(row_of))`;

/** Spans that are named one by one: with more, all of a table are looked at. */
const MOST_NAMED = 2_000;

/**
 * Every span of every table with a digest of its rows. A file is rewritten if its digest changed, whatever the reason: a
 * late or revised event, or a name learned later. Measured: 0.6 to 0.7 s for a million events of 550 bytes with all columns
 * and two threads, half of that for the keys and names alone.
 *
 * Another version of DuckDB may hash otherwise: then everything is written anew once.
 */
export async function allSpans(connection: DuckDBConnection, calendar: Calendar): Promise<Span[]> {
  const spans: Span[] = [];
  for (const table of await lakeTablesIn(connection)) {
    spans.push(...(await spansWhere(connection, table, calendar, 'true')));
  }
  return spans;
}

/** Some spans of a table, as far as they have rows. */
export async function someSpans(
  connection: DuckDBConnection,
  table: LakeTable,
  calendar: Calendar,
  which: readonly Which[],
): Promise<Span[]> {
  if (which.length === 0) return [];
  if (which.length > MOST_NAMED) {
    const named = new Set(which.map(({ source, span }) => shownPath(table.name, source, span)));
    const all = await spansWhere(connection, table, calendar, 'true');
    return all.filter(({ path }) => named.has(path));
  }
  const ordered = which.map(({ span }) => span).toSorted();
  const [from = '', to = ''] = [ordered[0], ordered.at(-1)];
  const list = which.map(({ source, span }) => `(${literal(source)}, ${literal(span)})`);
  const where = `${rangeSql(table, from, to)} and (source, ${spanSql(table, calendar)}) in (${list.join(', ')})`;
  return await spansWhere(connection, table, calendar, where);
}

async function spansWhere(
  connection: DuckDBConnection,
  table: LakeTable,
  calendar: Calendar,
  where: string,
): Promise<Span[]> {
  const reader = await connection.runAndReadAll(`
    select
      source, ${spanSql(table, calendar)} as span,
      count(*)::double, max(seq)::double,
      ${DIGEST},
      sum(coalesce(strlen(${table.widest}::varchar), 0))::double
    from ${qualified(table)} as row_of
    where ${where}
    group by all
    order by 1, 2`);
  return reader.getRows().map(([source, span, rows, seq, digest, size]) => {
    const from = source === null ? null : String(source);
    return {
      table,
      source: from ?? '',
      span: String(span),
      path: shownPath(table.name, from, String(span)),
      rows: Number(rows),
      seq: Number(seq ?? 0),
      digest: String(digest),
      size: Number(size),
    };
  });
}

/** Those of the lake's tables that the warehouse has: one of an earlier version may lack some. */
export async function lakeTablesIn(connection: DuckDBConnection): Promise<LakeTable[]> {
  const reader = await connection.runAndReadAll(
    `select table_name from information_schema.tables where table_schema = 'main'`,
  );
  const here = new Set(reader.getRows().map(([name]) => String(name)));
  return LAKE_TABLES.filter(({ name }) => here.has(name));
}
