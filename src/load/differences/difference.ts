import type { DuckDBValue } from '@duckdb/node-api';
import { type JsonValue, jsonValue } from '../query/json-values.ts';

/** Rows of one place that only one of the two sides has, as `verify --json` shows them. */
export type Difference = {
  /**
   * Its name; `definitions` for tables, views and macros that are not as the schema makes them, `statistics` for columns whose statistics
   * hide rows.
   */
  table: string;
  source: string | null;
  stream: string | null;
  /** UTC, as YYYY-MM-DD. */
  day: string | null;
  only_in_warehouse: number;
  only_in_archive: number;
  /** Some of them: `only_in` and the columns that name the row. */
  rows: Record<string, JsonValue>[];
};

/** Rows that are named per table. The counts are of all. */
export const MAX_ROWS = 5;

/** A forged value may be of any length. */
export const MAX_TEXT = 200;

/** A row of an answer as JSON, its texts cut to what a reader can take in. */
export function shortened(row: Record<string, DuckDBValue>): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const json = jsonValue(value);
      const isLong = typeof json === 'string' && json.length > MAX_TEXT;
      return [name, isLong ? `${json.slice(0, MAX_TEXT)}…` : json];
    }),
  );
}
