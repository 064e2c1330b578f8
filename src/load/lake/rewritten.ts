/**
 * Whether files of the lake are, byte for byte, what is written of a generation's rows. That says all there is to say of a file: its rows,
 * and what one reader looks at and another does not (statistics, indexes of pages, notes for pandas or Spark).
 */
import { rm } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { sha256OfFile } from '../../platform/durable.ts';
import type { Calendar } from './calendar.ts';
import type { Portion } from './portions.ts';
import type { Span } from './spans.ts';
import { writePortion } from './stage.ts';
import type { Compression } from './writer.ts';

/** What files are said to be, and a folder to write in that is empty. */
export type Noted = {
  folder: string;
  compression: Compression;
  /** By path. */
  sha256: ReadonlyMap<string, string>;
};

/** Writes a portion once more. @returns the spans whose bytes now differ from what was noted */
export async function spansRewrittenDifferently(
  connection: DuckDBConnection,
  portion: Portion,
  { folder, compression, sha256 }: Noted,
  calendar: Calendar,
): Promise<Span[]> {
  // Bytes depend on the rows alone.
  await connection.run('set threads = 1; set preserve_insertion_order = true');
  const unlike: Span[] = [];
  for (const { span, from } of await writePortion(connection, portion, {
    folder,
    compression,
    calendar,
  })) {
    if ((await sha256OfFile(from)) !== sha256.get(span.path)) unlike.push(span);
    await rm(from);
  }
  return unlike;
}
