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

type Side = 'warehouse' | 'archive';

/** What only one of the two sides has and is no row of a table. */
export type OnlyIn = { only_in: Side; kind: string; name: string };

/** What is no row of a table has no place. */
export function withoutPlace(table: string, rows: readonly OnlyIn[]): Difference {
  const count = (side: Side): number => rows.filter(({ only_in }) => only_in === side).length;
  return {
    table,
    source: null,
    stream: null,
    day: null,
    only_in_warehouse: count('warehouse'),
    only_in_archive: count('archive'),
    rows: rows.slice(0, MAX_ROWS).map(shortened),
  };
}

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
