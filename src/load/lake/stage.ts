import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { stopped } from '../../errors.ts';
import { literal, noPattern } from '../database.ts';
import { sha256OfFile, syncToDisk } from '../../platform/durable.ts';
import { ALL_OPEN, type Calendar, daysOfMonth, isMonth } from './calendar.ts';
import type { Compression, LakeFile } from './manifest.ts';
import { fixedPath, stagedName } from './paths.ts';
import { isOver, type Portion, portionsOf } from './portions.ts';
import { asInLake, lakeColumns, takePortion } from './sql.ts';
import { someSpans, type Span } from './spans.ts';

/** A complete file on the disk that is not yet in its place. */
export type Staged = { file: LakeFile; from: string };

type How = {
  folder: string;
  compression: Compression;
  calendar: Calendar;
  signal: AbortSignal | undefined;
};

// What is compressed together is in memory together: a day of a million events passes in 256 MB with groups of
// this size, and not with 20,000 rows. Rows of more than 2 KB get smaller groups. It is also what a reader skips by time.
const GROUP_ROWS = 10_240;
const GROUP_ROWS_WIDE = 2048;
const WIDE = 2048;

/** Measured with 3,333 events a day: 104 bytes per event and 21 ms, against 84 and 38 with a level of 8. */
const ZSTD_LEVEL = 3;

/**
 * Writes the spans of a portion into `folder`. Straight from the view, which resolves names each time, each COPY would take four
 * times as long.
 */
export async function stagePortion(
  connection: DuckDBConnection,
  portion: Portion,
  how: How,
): Promise<Staged[]> {
  const [first] = portion.spans;
  if (!first) return [];
  if (isMonth(first.span) && isOver(first)) return [await stageByDay(connection, first, how)];
  const staged: Staged[] = [];
  await copyEach(connection, portion, how, async (span, from, rows) => {
    await syncToDisk(from);
    staged.push({ from, file: await describe(span, from, rows) });
  });
  return staged;
}

/** A month that does not fit: in its days, each by itself, which then only have to be put together in their order. */
async function stageByDay(connection: DuckDBConnection, month: Span, how: How): Promise<Staged> {
  const { table, source, span } = month;
  const which = daysOfMonth(span).map((day) => ({ source, span: day }));
  const days = await someSpans(connection, table, ALL_OPEN, which);
  const byDay: How = { ...how, calendar: ALL_OPEN, compression: 'snappy' };
  const parts: string[] = [];
  for (const portion of portionsOf(days)) {
    await copyEach(connection, portion, byDay, async (_, from) => {
      parts.push(from);
    });
  }
  const list = parts.map((part) => literal(noPattern(part))).join(', ');
  const rows = `from read_parquet([${list}], hive_partitioning = false)`;
  const copied = await copy(connection, rows, month, how);
  for (const part of parts) await rm(part);
  await syncToDisk(copied.from);
  return { from: copied.from, file: await describe(month, copied.from, copied.rows) };
}

/** Writes each span of a portion into a file. */
async function copyEach(
  connection: DuckDBConnection,
  portion: Portion,
  how: How,
  written: (span: Span, from: string, rows: number) => Promise<void>,
): Promise<void> {
  const [first] = portion.spans;
  if (!first) return;
  const { table } = first;
  if (how.signal?.aborted) throw stopped();
  await takePortion(connection, portion, how.calendar);
  const columns = asInLake(await lakeColumns(connection, table));
  for (const span of portion.spans) {
    if (how.signal?.aborted) throw stopped();
    const rows = `select ${columns} from portion where lake_span = ${literal(span.span)} order by ${table.order}`;
    const copied = await copy(connection, rows, span, how);
    await written(span, copied.from, copied.rows);
  }
  await connection.run('drop table portion');
}

async function copy(
  connection: DuckDBConnection,
  sql: string,
  { link, size, rows }: Span,
  { folder, compression }: How,
): Promise<{ from: string; rows: number }> {
  // Nothing a reader would take for a file of a table.
  const from = join(folder, stagedName(link));
  const groupRows = size > rows * WIDE ? GROUP_ROWS_WIDE : GROUP_ROWS;
  // V1 is what every reader knows.
  const reader = await connection.runAndReadAll(
    `copy (${sql}) to ${literal(from)} (
       format parquet, parquet_version v1, compression ${compression},
       row_group_size ${groupRows}, use_tmp_file false
       ${compression === 'zstd' ? `, compression_level ${ZSTD_LEVEL}` : ''}
     )`,
  );
  return { from, rows: Number(reader.getRows()[0]?.[0]) };
}

async function describe(span: Span, from: string, rows: number): Promise<LakeFile> {
  const { table, source, link, seq, digest } = span;
  const { size } = await stat(from);
  const sha256 = await sha256OfFile(from);
  const path = fixedPath(link, sha256);
  return {
    table: table.name,
    source,
    span: span.span,
    path,
    link,
    rows,
    bytes: size,
    sha256,
    seq,
    digest,
  };
}
