import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { stopped } from '../../errors.ts';
import { literal, noPattern } from '../database.ts';
import { sha256OfFile, syncToDisk } from '../../platform/durable.ts';
import { ALL_OPEN, type Calendar, daysOfMonth, isMonth } from './calendar.ts';
import type { LakeFile } from './manifest.ts';
import { fixedPath, stagedName } from './paths.ts';
import { isTooLargeToSort, isWide, type Portion } from './portions.ts';
import { lakeCasts, lakeColumns, portionSql } from './sql.ts';
import { someSpans, type Span } from './spans.ts';
import { type Compression, optionsOf } from './writer.ts';

/** A complete file on the disk that is not yet in its place. */
export type Staged = { file: LakeFile; from: string };

export type How = {
  folder: string;
  compression: Compression;
  calendar: Calendar;
  signal?: AbortSignal | undefined;
};

/** Writes the spans of a portion into `folder`, on the disk before it returns. */
export async function stagePortion(
  connection: DuckDBConnection,
  portion: Portion,
  how: How,
): Promise<Staged[]> {
  const staged: Staged[] = [];
  for (const { span, from } of await writePortion(connection, portion, how)) {
    await syncToDisk(from);
    staged.push({ from, file: await describe(span, from) });
  }
  return staged;
}

/** The same without waiting for the disk. What it makes depends on the rows alone only where DuckDB has one thread. */
export async function writePortion(
  connection: DuckDBConnection,
  portion: Portion,
  how: How,
): Promise<{ span: Span; from: string }[]> {
  const [first] = portion.spans;
  if (!first) return [];
  const isByDay = isMonth(first.span) && isTooLargeToSort(first);
  if (isByDay) await copyByDay(connection, first, how);
  else await copyEach(connection, portion.spans, how);
  return portion.spans.map((span) => ({ span, from: stagedFile(span, how) }));
}

/** A month that takes too much memory to be put in order: in its days, each by itself, one after the other. */
async function copyByDay(connection: DuckDBConnection, month: Span, how: How): Promise<void> {
  const { table, source, span } = month;
  const which = daysOfMonth(span).map((day) => ({ source, span: day }));
  const days = await someSpans(connection, table, ALL_OPEN, which);
  const byDay: How = { ...how, calendar: ALL_OPEN, compression: 'snappy' };
  await copyEach(connection, days, byDay);
  const parts = days.map((day) => stagedFile(day, how));
  const list = parts.map((part) => literal(noPattern(part))).join(', ');
  const to = stagedFile(month, how);
  const rows = `from read_parquet([${list}], hive_partitioning = false)`;
  await copy(connection, rows, to, { how, like: month });
  for (const part of parts) await rm(part);
}

/**
 * Each span by itself. Into the files of several at once DuckDB does not keep the order of rows that lie across two of its chunks: the
 * bytes of a file would depend on what else is written with it.
 */
async function copyEach(
  connection: DuckDBConnection,
  spans: readonly Span[],
  how: How,
): Promise<void> {
  const [first] = spans;
  if (!first) return;
  const columns = lakeCasts(await lakeColumns(connection, first.table));
  for (const span of spans) {
    const rows = `${portionSql({ spans: [span] }, how.calendar, columns)} order by ${span.table.order}`;
    const alone = `select * exclude (lake_span) from (${rows})`;
    await copy(connection, alone, stagedFile(span, how), { how, like: span });
  }
}

/** Nothing a reader would take for a file of a table. */
function stagedFile({ path }: Span, { folder }: How): string {
  return join(folder, stagedName(path));
}

async function copy(
  connection: DuckDBConnection,
  rows: string,
  to: string,
  { how, like }: { how: How; like: Span },
): Promise<void> {
  if (how.signal?.aborted) throw stopped();
  const options = optionsOf(how.compression, isWide(like));
  await connection.run(`copy (${rows}) to ${literal(to)} (${options}, use_tmp_file false)`);
}

async function describe(span: Span, from: string): Promise<LakeFile> {
  const { table, source, path, rows, seq, digest } = span;
  const { size } = await stat(from);
  const sha256 = await sha256OfFile(from);
  const fixed = fixedPath(path, sha256);
  const about = { table: table.name, source, span: span.span, path, fixed };
  return { ...about, rows, bytes: size, sha256, seq, digest };
}
