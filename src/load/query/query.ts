import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { Zone } from '../../platform/zone.ts';
import { bound, type Parameters } from './bound.ts';
import { type JsonValue, jsonValue } from './json-values.ts';
import { asSqlError, expectOneSelect } from './one-select.ts';
import { ANSWER_MEMORY, QUERY_SETTINGS, writeParquet } from './parquet.ts';
import { openReadable } from '../warehouse/readable-file.ts';

export type Column = {
  name: string;
  /** Its values are JSON as text. */
  isJson: boolean;
};

export type Answer = {
  columns: Column[];
  /** Rows as they come, up to a few thousand at a time. */
  chunks: AsyncIterable<JsonValue[][]>;
};

export type QueryOptions = {
  /** Values of `$name` in the SQL. DuckDB reads each as the type that its place needs. */
  parameters?: Parameters;
  /** Whose clocks show instants; null for UTC. */
  zone?: Zone | null;
};

/** Read-only SQL on one generation, without access to other files, the network or the environment. */
export type QuerySession = {
  run(sql: string, options?: QueryOptions): Promise<Answer>;
  /** @param path absolute; the file appears complete or not at all */
  writeParquet(sql: string, parameters: Parameters, path: string): Promise<{ rows: number }>;
  /** How the last word of an unfinished statement may go on. `start` is where that word begins. */
  complete(sql: string): Promise<{ text: string; start: number }[]>;
  /** Ends the statement at work, which then fails as interrupted. */
  interrupt(): void;
  close(): Promise<void>;
};

/** Opens a generation (or the symlink to it) for the user's SQL. */
export async function openQuery(input: {
  file: string;
  onMessage?: (text: string) => void;
  /** For SQL of our own, which is to run with nothing but what auditlake defines. */
  asMade?: 'whole';
}): Promise<QuerySession> {
  const { onMessage = () => undefined, file, ...how } = input;
  const settings = how.asMade === undefined ? QUERY_SETTINGS : ANSWER_MEMORY;
  const readable = await openReadable(file, { settings, ...how }, onMessage);
  const { connection, close } = readable;
  await connection.run('set lock_configuration = true');
  return {
    async run(sql, options = {}) {
      await expectOneSelect(connection, sql);
      return await answer(connection, sql, options);
    },
    async writeParquet(sql, parameters, path) {
      await expectOneSelect(connection, sql);
      return await writeParquet(readable, sql, parameters, path);
    },
    complete: (sql) => completions(connection, sql),
    interrupt: () => connection.interrupt(),
    close,
  };
}

async function completions(
  connection: DuckDBConnection,
  sql: string,
): Promise<{ text: string; start: number }[]> {
  const reader = await connection.runAndReadAll(
    'select suggestion, suggestion_start from sql_auto_complete($sql)',
    { sql },
  );
  return reader.getRows().map(([text, start]) => ({ text: String(text), start: Number(start) }));
}

async function answer(
  connection: DuckDBConnection,
  sql: string,
  { parameters = {}, zone = null }: QueryOptions,
): Promise<Answer> {
  try {
    const prepared = await bound(connection, sql, parameters);
    const result = await prepared.stream();
    return { columns: columnsOf(result), chunks: chunksOf(result, zone) };
  } catch (error) {
    throw asSqlError(error);
  }
}

function columnsOf(result: DuckDBResult): Column[] {
  const types = result.columnTypes();
  return result
    .deduplicatedColumnNames()
    .map((name, i) => ({ name, isJson: types[i]?.alias === 'JSON' }));
}

async function* chunksOf(result: DuckDBResult, zone: Zone | null): AsyncIterable<JsonValue[][]> {
  try {
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getRows().map((row) => row.map((value) => jsonValue(value, zone)));
    }
  } catch (error) {
    throw asSqlError(error);
  }
}
