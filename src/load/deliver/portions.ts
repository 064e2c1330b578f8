import type { DuckDBConnection } from '@duckdb/node-api';
import type { RowFormat } from '../../sinks/port.ts';
import type { DeliverableTable } from '../tables.ts';

// Names are resolved once for so many rows, which takes a while however few there are. A batch is not cut.
export const PORTION = { rows: 20_000, bytes: 16 * 2 ** 20 };

/**
 * In MB, and how often a row's bytes are there on the way. An OCSF event is made of many objects: measured, 2,048 small
 * ones take 190 MB.
 */
const MEMORY: Record<RowFormat, { base: number; copies: number }> = {
  auditlake: { base: 96, copies: 8 },
  ocsf: { base: 384, copies: 24 },
};

export type Size = { seq: number; rows: number; bytes: number };

/** What each seq in (`after`, `to`] has of a table. */
export async function sizes(
  connection: DuckDBConnection,
  table: DeliverableTable,
  after: number,
  to: number,
): Promise<Size[]> {
  const { from, bytes } = table;
  const reader = await connection.runAndReadAll(
    `select seq::double, count(*)::double, sum(coalesce(${bytes}, 0))::double from ${from}
     where seq > ${after} and seq <= ${to} group by seq order by seq`,
  );
  return reader
    .getRows()
    .map(([seq, rows, size]) => ({ seq: Number(seq), rows: Number(rows), bytes: Number(size) }));
}

/** Parts that end with a seq each, the last one with `to`: of no more than the limit, unless one seq alone has more. */
export function portionsOf(
  seqs: readonly Size[],
  to: number,
  limit: { rows: number; bytes: number },
): { to: number; bytes: number }[] {
  const portions: { to: number; bytes: number }[] = [];
  let [rows, bytes, last] = [0, 0, 0];
  for (const size of seqs) {
    if (rows > 0 && (rows + size.rows > limit.rows || bytes + size.bytes > limit.bytes)) {
      portions.push({ to: last, bytes });
      [rows, bytes] = [0, 0];
    }
    rows += size.rows;
    bytes += size.bytes;
    last = size.seq;
  }
  return [...portions, { to, bytes }];
}

/** Several receivers are served side by side, so that none gets more than it needs. In MB. */
export function memoryToMake(format: RowFormat, bytes: number): number {
  const { base, copies } = MEMORY[format];
  return base + Math.ceil((bytes * copies) / 2 ** 20);
}
