import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { literal } from './database.ts';
import { syncToDisk } from './durable.ts';
import { asSqlError } from './one-select.ts';
import type { ReadableFile } from './readable-file.ts';

export type FileFormat = 'parquet' | 'csv' | 'ndjson';

const OPTIONS: Record<FileFormat, string> = {
  parquet: 'format parquet, compression zstd',
  csv: 'format csv, header',
  ndjson: 'format json',
};

/** Writes the answer to one accepted statement into a file, which appears complete or not at all. */
export async function writeAnswer(
  readable: ReadableFile,
  sql: string,
  path: string,
  format: FileFormat,
): Promise<{ rows: number }> {
  const target = resolve(path);
  const folder = dirname(target);
  const part = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
  const { connection, close } = await readable.open({ preserve_insertion_order: 'true' });
  try {
    await connection.run(`set allowed_paths = [${literal(part)}]`);
    await connection.run('set enable_external_access = false');
    await connection.run('set lock_configuration = true');
    // On lines of its own, so that a comment at its end ends there. COPY takes no parameters.
    const inner = sql.replace(/[\s;]+$/, '');
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
