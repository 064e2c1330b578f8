/** Reads files of the warehouse, and writes into them as somebody could. Starting DuckDB for each look takes ten times as long as the look. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBResultReader } from '@duckdb/node-api';
import { literal } from '../src/load/database.ts';
import { jsonValue } from '../src/load/query/json-values.ts';

let instance: Promise<DuckDBInstance> | null = null;
let files = 0;

/** The answer to a query over the tables and views of a file. */
export async function readFrom(file: string, sql: string): Promise<DuckDBResultReader> {
  return await connectedTo(file, (connection) => connection.runAndReadAll(sql));
}

/** The rows as `query --json` prints them of a home: a command for each look takes ten times as long as the look. */
export async function answerOf<T = Record<string, unknown>>(
  home: string,
  sql: string,
): Promise<T[]> {
  const reader = await readFrom(await realpath(join(home, 'warehouse.duckdb')), sql);
  const isJson = reader.columnTypes().map((type) => type.alias === 'JSON');
  const names = reader.deduplicatedColumnNames();
  return reader.getRows().map(
    (row) =>
      Object.fromEntries(
        names.map((name, i) => {
          const value = jsonValue(row[i] ?? null);
          return [
            name,
            isJson[i] === true && typeof value === 'string' ? JSON.parse(value) : value,
          ];
        }),
      ) as T,
  );
}

/** Does something with the file opened read-only, and closes it. */
export async function connectedTo<T>(
  file: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  instance ??= DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await (await instance).connect();
  files += 1;
  const name = `file_${files}`;
  try {
    await connection.run("set TimeZone = 'UTC'");
    await connection.run(`attach ${literal(file)} as ${name} (read_only)`);
    await connection.run(`use ${name}`);
    return await work(connection);
  } finally {
    await connection.run('use memory');
    await connection.run(`detach database if exists ${name}`);
    connection.closeSync();
  }
}

/** Writes into a file as another program does. */
export async function writeInto(file: string, ...statements: string[]): Promise<void> {
  const writer = await DuckDBInstance.create(file);
  const connection = await writer.connect();
  for (const sql of [...statements, 'checkpoint']) await connection.run(sql);
  connection.closeSync();
  writer.closeSync();
}
