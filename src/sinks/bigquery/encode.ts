/** Rows as a Parquet file for one load job. */
import { join } from 'node:path';
import { sha256OfFile } from '../../platform/durable.ts';
import type { DeliveredTable, Delivery, Position } from '../port.ts';

export type Located = { uid: string; position: Position };

/** Rows of the seqs in (`after`, `to`]; if `rows` lists some, only these, which are of one seq. */
export type Range = { after: number; to: number; rows: readonly Located[] | null };

export type Chunk = {
  table: DeliveredTable;
  /** A Parquet file. */
  file: string;
  rows: number;
  /** What identifies the chunk: the same rows for the same table have the same identity in every run. */
  identity: readonly (string | number)[];
};

/**
 * Writes the rows of a range into a file of the delivery's scratch folder.
 *
 * @param owner what identifies sink and dataset
 * @returns null if the range has no rows
 */
export async function encode(
  { after, to, rows: listed }: Range,
  delivery: Delivery,
  owner: readonly string[],
): Promise<Chunk | null> {
  const { table, scratch } = delivery;
  const lines = linesOf(listed);
  const file = join(scratch, `${table.name}-${after}-${to}.parquet`);
  const { rows } = await delivery.parquet(file, after, to, lines);
  if (rows === 0) return null;
  const place = [after, to, ...(lines === undefined ? [] : [lines.first, lines.last])];
  const identity = [...owner, table.name, ...place, await sha256OfFile(file)];
  return { table, file, rows, identity };
}

function linesOf(rows: Range['rows']): { first: number; last: number } | undefined {
  const first = rows?.[0]?.position.n;
  const last = rows?.at(-1)?.position.n;
  return first === undefined || last === undefined ? undefined : { first, last };
}
