/**
 * A database file with all that auditlake defines, and no row. DuckDB plans each view to create it, and all views below it each time: that
 * takes seconds, to open a file that has them some milliseconds. So the build makes the file, and whatever runs without a build makes
 * it once in a process.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { version as duckdbVersion } from '../../platform/duckdb.ts';
import { isAbsent } from '../../platform/plain-file.ts';
import { openPrivate } from '../database.ts';
import { createDescribed, SCHEMA_VERSION } from './schema.ts';

const decompress = promisify(gunzip);

/** Where the build puts it, compressed, and the sources find it too: of this schema, written by this DuckDB. */
export const DEFINED_FILE = new URL(
  `../../../dist/load/warehouse/defined-${createHash('sha256').update(`${SCHEMA_VERSION} ${duckdbVersion()}`).digest('hex').slice(0, 16)}.duckdb.gz`,
  import.meta.url,
);

let known: Promise<Buffer> | null = null;

/** The bytes of the file. */
export async function definedFile(): Promise<Buffer> {
  known ??= builtFile().then((built) => built ?? makeDefinedFile());
  try {
    return await known;
  } catch (error) {
    // Say for want of room, which may be there the next time.
    known = null;
    throw error;
  }
}

async function builtFile(): Promise<Buffer | null> {
  try {
    return await decompress(await readFile(DEFINED_FILE));
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** Runs SQL on a warehouse that has every table and no row, and is thrown away. */
export async function withDefined<T>(
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return await inScratch(async (folder) => {
    const path = join(folder, 'defined.duckdb');
    await writeFile(path, await definedFile());
    const { connection, close } = await openPrivate(path, { spill: folder });
    try {
      return await work(connection);
    } finally {
      close();
    }
  });
}

/** Makes it from nothing. */
export async function makeDefinedFile(): Promise<Buffer> {
  return await inScratch(async (folder) => {
    const path = join(folder, 'defined.duckdb');
    const { connection, close } = await openPrivate(path, { spill: folder }, { isNew: true });
    try {
      await createDescribed(connection);
      await connection.run('checkpoint');
    } finally {
      close();
    }
    return await readFile(path);
  });
}

async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-defined-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
