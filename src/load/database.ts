import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

/** An open database with the one connection that is used on it. */
export type Database = { connection: DuckDBConnection; close(): void };

export type Resources = { memoryMb?: number; threads?: number; tmp: string };

const DEFAULT_MEMORY_MB = 160;
const DEFAULT_THREADS = 2;

/** Opens a database with bounded memory, its spilled data in `tmp`, and every instant in UTC. */
export async function openDatabase(
  path: string,
  resources: Resources,
  more: Record<string, string> = {},
): Promise<Database> {
  const instance = await DuckDBInstance.create(path, {
    memory_limit: `${resources.memoryMb ?? DEFAULT_MEMORY_MB}MB`,
    threads: String(resources.threads ?? DEFAULT_THREADS),
    temp_directory: resources.tmp,
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
