import type { JsonValue } from './json-values.ts';
import { jsonValue } from './json-values.ts';
import { ANSWER_MEMORY } from './parquet.ts';
import { openReadable } from '../warehouse/readable-file.ts';

/** A generation, and tables of ours next to it that are gone when it is closed. Runs under way do not disturb it. */
export type Workbench = {
  /** Makes temporary tables or views. Values never become part of the SQL. */
  make(sql: string, parameters?: Readonly<Record<string, string>>): Promise<void>;
  /** Rows by the names of their columns, instants in ISO 8601. */
  rows(sql: string): Promise<Record<string, JsonValue>[]>;
  close(): Promise<void>;
};

/**
 * Opens a generation (or the symlink to it) for SQL of our own that takes several steps.
 *
 * @throws AuditlakeError `integrity` if it defines anything else than auditlake makes: our SQL would run it
 */
export async function openWorkbench(
  file: string,
  onMessage: (text: string) => void,
): Promise<Workbench> {
  const how = { settings: ANSWER_MEMORY, asMade: 'whole' } as const;
  const { connection, close } = await openReadable(file, how, onMessage);
  return {
    async make(sql, parameters) {
      await connection.run(sql, parameters);
    },
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql);
      const names = reader.deduplicatedColumnNames();
      return reader
        .getRows()
        .map((row) =>
          Object.fromEntries(names.map((name, i) => [name, jsonValue(row[i] ?? null)] as const)),
        );
    },
    close,
  };
}
