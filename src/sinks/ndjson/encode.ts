import { stopped } from '../../errors.ts';
import type { Delivery, Position, RowFormat } from '../port.ts';

/** Some rows as text, a line each. */
export type Lines = { text: string; rows: number; first: Position; last: Position };

/** Writes all rows of a delivery, and acknowledges them once they are safe. */
export type Writer = (delivery: Delivery, format: RowFormat, signal: AbortSignal) => Promise<void>;

/** @throws `stopped()` when lines are asked for after the signal */
export async function* linesOf(
  delivery: Delivery,
  format: RowFormat,
  signal: AbortSignal,
): AsyncGenerator<Lines> {
  if (signal.aborted) throw stopped();
  for await (const rows of delivery.rows(format)) {
    if (signal.aborted) throw stopped();
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) continue;
    const text = rows.map(({ json }) => `${json}\n`).join('');
    yield { text, rows: rows.length, first: first.position, last: last.position };
  }
}
