import { randomBytes } from 'node:crypto';
import { access, constants, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf, usageError } from '../../errors.ts';
import { literal } from '../database.ts';
import { syncToDisk } from '../../platform/durable.ts';
import { asSqlError } from './one-select.ts';
import type { ReadableFile } from '../warehouse/readable-file.ts';

export type FileFormat = 'parquet' | 'csv' | 'ndjson';

/** More than a load gets: someone waits for the answer, and it often joins or sorts all rows. */
export const QUERY_MEMORY = { memory_limit: '1GB' };

const OPTIONS: Record<FileFormat, string> = {
  parquet: 'format parquet, compression zstd',
  csv: 'format csv, header',
  ndjson: 'format json',
};

/**
 * Writes the answer to one accepted statement into a file, which appears complete or not at all.
 *
 * @param target absolute
 */
export async function writeAnswer(
  readable: ReadableFile,
  sql: string,
  target: string,
  format: FileFormat,
): Promise<{ rows: number }> {
  const folder = dirname(target);
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw usageError(
      `${target} cannot be written: ${messageOf(error)}`,
      'name a file in a folder that exists and that this user may write',
    );
  });
  const part = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
  const { connection, close } = await readable.open({
    ...QUERY_MEMORY,
    preserve_insertion_order: 'true',
  });
  try {
    await connection.run(`set allowed_paths = [${literal(part)}]`);
    await connection.run('set enable_external_access = false');
    await connection.run('set lock_configuration = true');
    // On lines of its own, so that a trailing comment ends there. COPY takes no parameters.
    const plain = sql.replace(/[\s;]+$/, '');
    const inner = format === 'csv' ? await harmless(connection, plain) : plain;
    const copied = await connection.runAndReadAll(
      `copy (\n${inner}\n) to ${literal(part)} (${OPTIONS[format]}, use_tmp_file false)`,
    );
    close();
    await syncToDisk(part);
    await rename(part, target);
    await syncToDisk(folder);
    return { rows: Number(copied.getRows()[0]?.[0] ?? 0) };
  } catch (error) {
    close();
    await rm(part, { force: true });
    throw asSqlError(error);
  }
}

// Puts an apostrophe before what a spreadsheet would run as a formula, as printed CSV does.
const HARMLESS = `case when regexp_matches(cell, '^[=+@\\t\\r-]') then '''' || cell else cell end`;

/** The answer with formulas defused: event values come from whoever can cause an event. */
async function harmless(connection: DuckDBConnection, sql: string): Promise<string> {
  const described = await connection.runAndReadAll(`describe (\n${sql}\n)`);
  const columns = described.getRows().map(([name, type], i) => {
    const at = `#${i + 1}`;
    const isText = type === 'VARCHAR' || type === 'JSON';
    const value = isText ? HARMLESS.replaceAll('cell', `${at}::varchar`) : at;
    return `${value} as "${String(name).replaceAll('"', '""')}"`;
  });
  return `select ${columns.join(', ')} from (\n${sql}\n)`;
}
