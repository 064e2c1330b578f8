import type { DuckDBConnection } from '@duckdb/node-api';
import { type JsonValue, jsonValue } from './json-values.ts';
import { asSqlError, expectOneSelect } from './one-select.ts';
import { type FileFormat, QUERY_MEMORY, writeAnswer } from './export.ts';
import { readableFile } from '../warehouse/readable-file.ts';

export type Answer = {
  columns: string[];
  /** Rows as they come, up to a few thousand at a time. */
  chunks: AsyncIterable<JsonValue[][]>;
};

/** Read-only SQL on one generation, without access to other files, the network or the environment. */
export type QuerySession = {
  run(sql: string): Promise<Answer>;
  writeTo(sql: string, path: string, format: FileFormat): Promise<{ rows: number }>;
  close(): Promise<void>;
};

/** Opens a generation (or the symlink to it) for the user's SQL. */
export async function openQuery(input: {
  file: string;
  onMessage?: (text: string) => void;
}): Promise<QuerySession> {
  const readable = await readableFile(input.file, input.onMessage ?? (() => undefined));
  const database = await readable.open(QUERY_MEMORY);
  const { connection } = database;
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
  return {
    async run(sql) {
      await expectOneSelect(connection, sql);
      return answer(connection, sql);
    },
    async writeTo(sql, path, format) {
      await expectOneSelect(connection, sql);
      return writeAnswer(readable, sql, path, format);
    },
    async close() {
      database.close();
      await readable.remove();
    },
  };
}

async function answer(connection: DuckDBConnection, sql: string): Promise<Answer> {
  try {
    const result = await connection.stream(sql);
    const chunks = async function* (): AsyncIterable<JsonValue[][]> {
      try {
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) return;
          yield chunk.getRows().map((row) => row.map(jsonValue));
        }
      } catch (error) {
        throw asSqlError(error);
      }
    };
    return { columns: result.deduplicatedColumnNames(), chunks: chunks() };
  } catch (error) {
    throw asSqlError(error);
  }
}
