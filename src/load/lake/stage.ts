import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { stopped } from '../../errors.ts';
import { literal, noPattern } from '../database.ts';
import { sha256OfFile, syncToDisk } from '../../platform/durable.ts';
import { ALL_OPEN, type Calendar, daysOfMonth, isMonth } from './calendar.ts';
import type { Compression, LakeFile } from './manifest.ts';
import { fixedPath, stagedFolderName, stagedName, stagedPart } from './paths.ts';
import { isTooLargeToSort, isWide, type Portion, portionsOf } from './portions.ts';
import { asInLake, lakeColumns, portionSql } from './sql.ts';
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
// this size, and not with 20,000 rows. Large rows get smaller groups. It is also what a reader skips by time.
const GROUP_ROWS = 10_240;
const GROUP_ROWS_WIDE = 2048;

/**
 * Measured with 20,000 events of 550 bytes: 100 bytes per event and 147 ms; 104 and 232 with the default of 3, 81 and 459 with 8.
 */
const ZSTD_LEVEL = 1;

/** Writes the spans of a portion into `folder`. */
export async function stagePortion(
  connection: DuckDBConnection,
  portion: Portion,
  how: How,
): Promise<Staged[]> {
  const [first] = portion.spans;
  if (!first) return [];
  const isByDay = isMonth(first.span) && isTooLargeToSort(first);
  if (isByDay) await copyByDay(connection, first, how);
  else await copyEach(connection, portion, how);
  const staged: Staged[] = [];
  for (const span of portion.spans) {
    const from = stagedFile(span, how);
    await syncToDisk(from);
    staged.push({ from, file: await describe(span, from) });
  }
  return staged;
}

/** A month that takes too much memory to be put in order: in its days, each by itself, one after the other. */
async function copyByDay(connection: DuckDBConnection, month: Span, how: How): Promise<void> {
  const { table, source, span } = month;
  const which = daysOfMonth(span).map((day) => ({ source, span: day }));
  const days = await someSpans(connection, table, ALL_OPEN, which);
  const byDay: How = { ...how, calendar: ALL_OPEN, compression: 'snappy' };
  for (const portion of portionsOf(days)) await copyEach(connection, portion, byDay);
  const parts = days.map((day) => stagedFile(day, how));
  const list = parts.map((part) => literal(noPattern(part))).join(', ');
  const to = stagedFile(month, how);
  const rows = `from read_parquet([${list}], hive_partitioning = false)`;
  await copy(connection, rows, to, { how, like: month });
  for (const part of parts) await rm(part);
}

/** All spans in one go: a statement for each would take twice the time. */
async function copyEach(connection: DuckDBConnection, portion: Portion, how: How): Promise<void> {
  const [first] = portion.spans;
  if (!first) return;
  const columns = asInLake(await lakeColumns(connection, first.table));
  const rows = `${portionSql(portion, how.calendar, columns)} order by ${first.table.order}`;
  if (portion.spans.length === 1) {
    // On the way into several files all rows are in memory, and it may be a large one.
    const alone = `select * exclude (lake_span) from (${rows})`;
    return await copy(connection, alone, stagedFile(first, how), { how, like: first });
  }
  const folder = join(how.folder, stagedFolderName(first.link));
  // What a try with less memory left.
  await rm(folder, { recursive: true, force: true });
  await copy(connection, rows, folder, { how, like: first, files: 'partition_by (lake_span)' });
  for (const span of portion.spans) {
    await rename(join(folder, stagedPart(span.span)), stagedFile(span, how));
  }
  await rm(folder, { recursive: true });
}

/** Nothing a reader would take for a file of a table. */
function stagedFile({ link }: Span, { folder }: How): string {
  return join(folder, stagedName(link));
}

async function copy(
  connection: DuckDBConnection,
  rows: string,
  to: string,
  { how, like, files = 'use_tmp_file false' }: { how: How; like: Span; files?: string },
): Promise<void> {
  if (how.signal?.aborted) throw stopped();
  // V1 is what every reader knows. A forged bloom filter hides a row from whoever looks for it, and only trying every value would
  // find that; DuckDB has none where they would help, in columns of many different values.
  await connection.run(
    `copy (${rows}) to ${literal(to)} (
       format parquet, parquet_version v1, compression ${how.compression},
       row_group_size ${isWide(like) ? GROUP_ROWS_WIDE : GROUP_ROWS}, write_bloom_filter false, ${files}
       ${how.compression === 'zstd' ? `, compression_level ${ZSTD_LEVEL}` : ''}
     )`,
  );
}

async function describe(span: Span, from: string): Promise<LakeFile> {
  const { table, source, link, rows, seq, digest } = span;
  const { size } = await stat(from);
  const sha256 = await sha256OfFile(from);
  const path = fixedPath(link, sha256);
  const about = { table: table.name, source, span: span.span, path, link };
  return { ...about, rows, bytes: size, sha256, seq, digest };
}
