import { stopped } from '../../errors.ts';
import type { Parcel, Position, RowFormat } from '../port.ts';

/** Where lines go. */
export type LineTarget = {
  /** Brings all rows of the parcel there and reports how far they are safe. */
  write(parcel: Parcel, format: RowFormat, signal: AbortSignal): Promise<void>;
  /** @returns what was found, in a sentence */
  check(): Promise<string>;
  close(): Promise<void>;
};

/** Rows as text, each line with its newline. */
export type Portion = { text: string; rows: number; first: Position; last: Position };

/** @throws `stopped()` when a portion is asked for after the signal */
export async function* portionsOf(
  parcel: Parcel,
  format: RowFormat,
  signal: AbortSignal,
): AsyncGenerator<Portion> {
  if (signal.aborted) throw stopped();
  for await (const rows of parcel.rows(format)) {
    if (signal.aborted) throw stopped();
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) continue;
    const text = rows.map(({ json }) => `${json}\n`).join('');
    yield { text, rows: rows.length, first: first.position, last: last.position };
  }
}
