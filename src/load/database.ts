import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { messageOf } from '../errors.ts';
import { DuckDBInstance } from '../platform/duckdb.ts';
import { DEFAULT_MEMORY_MB } from './memory.ts';

/** An open database with the one connection that is used on it. */
export type Database = { connection: DuckDBConnection; close: () => void };

/** `spill` is a folder for this database alone: DuckDB uses the same file names in every process. */
export type Resources = { memoryMb?: number; threads?: number; spill: string };

/**
 * While one thread is at work on a group of rows, DuckDB has the others ask without rest for something to do. What we run goes
 * through a few thousand rows at a time, which are one such group: a second thread took a third more CPU for loading, a fourth more
 * for verifying, and was no faster where other processes wanted the core.
 */
const OWN_THREADS = 1;

// The default checkpoints at nearly every commit while much is loaded: half the speed.
const CHECKPOINT_THRESHOLD = '256MB';

/** Opens a database with bounded memory, its spilled data in `spill`, and every instant in UTC. */
export async function openDatabase(
  path: string,
  resources: Resources,
  more: Record<string, string> = {},
): Promise<Database> {
  const instance = await DuckDBInstance.create(path, {
    memory_limit: `${resources.memoryMb ?? DEFAULT_MEMORY_MB}MB`,
    threads: String(resources.threads ?? OWN_THREADS),
    temp_directory: resources.spill,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    ...more,
  });
  try {
    const connection = await instance.connect();
    const close = (): void => {
      connection.closeSync();
      instance.closeSync();
    };
    await connection.run("set TimeZone = 'UTC'");
    return { connection, close };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Of a new file. The first that compresses with zstd; every DuckDB that the views need reads it. */
const STORAGE_VERSION = 'v1.2.0';

/** Its name in SQL. */
export const GENERATION = 'generation';

/**
 * Opens a file that nobody else knows and that is thrown away if the process dies. So it needs no write-ahead
 * log, which would have everything written twice: only `checkpoint` makes the file whole.
 */
export async function openPrivate(
  path: string,
  resources: Resources,
  { isNew = false } = {},
): Promise<Database> {
  const database = await openDatabase(':memory:', resources, {
    checkpoint_threshold: CHECKPOINT_THRESHOLD,
  });
  try {
    const version = isNew ? `, storage_version '${STORAGE_VERSION}'` : '';
    await database.connection.run(
      `attach ${literal(path)} as ${GENERATION} (recovery_mode no_wal_writes${version})`,
    );
    await database.connection.run(`use ${GENERATION}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What SQL may read and write besides the database itself. */
export type Allowed = { folders?: readonly string[]; files?: readonly string[] };

/**
 * Leaves a database's SQL nothing else of the file system. What a file of the home defines, say a view, runs with it, and somebody
 * may have put it there to read a key.
 */
export async function confine(
  connection: DuckDBConnection,
  { folders = [], files = [] }: Allowed,
): Promise<void> {
  // What readers of files are given is looked at both as a pattern and as what it stands for.
  const names = folders.flatMap((folder) => [folder, noPattern(folder)]);
  await connection.run(`set allowed_directories = [${names.map(literal).join(', ')}]`);
  await connection.run(`set allowed_paths = [${files.map(literal).join(', ')}]`);
  await connection.run('set enable_external_access = false');
}

/** Does all of the work or nothing. */
export async function inTransaction<T>(
  connection: DuckDBConnection,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run('begin');
  try {
    const result = await work();
    await connection.run('commit');
    return result;
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
}

/** Whether DuckDB says that a database file is not as DuckDB wrote it. */
export function isDamage(error: unknown): boolean {
  return /corrupt|checksum|serializ|INTERNAL Error|FATAL Error/i.test(messageOf(error));
}

/** The first row of an answer as an object. */
export async function firstRow(
  connection: DuckDBConnection,
  sql: string,
  values?: Record<string, DuckDBValue>,
): Promise<Record<string, DuckDBValue>> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader.getRowObjects()[0] ?? {};
}

/** A text as an SQL literal, for the statements that take no parameters. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * A path for DuckDB's readers of files, which take some characters for a pattern: each becomes a class of itself. A
 * backslash next to them would be one too, which nothing undoes: such a home is refused.
 */
export function noPattern(path: string): string {
  return path.replace(/[*?[]/g, (char) => `[${char}]`);
}
