import { isMonth } from './calendar.ts';
import type { Span } from './spans.ts';

/** Spans of one table and source that are read from the warehouse together. */
export type Portion = { spans: Span[] };

// Names are resolved once per portion, which takes 80 ms however few rows it has. Larger portions save little time and
// take memory.
const ROWS = 20_000;
const BYTES = 16 * 2 ** 20;

/** Divides spans, which come in order, into portions that fit into memory. A large span is a portion by itself. */
export function portionsOf(spans: readonly Span[]): Portion[] {
  const portions: Portion[] = [];
  let rows = 0;
  let bytes = 0;
  for (const span of spans) {
    const open = portions.at(-1);
    const first = open?.spans[0];
    const fits =
      first?.table === span.table &&
      first.source === span.source &&
      rows + span.rows <= ROWS &&
      bytes + span.size <= BYTES;
    if (open && fits) {
      open.spans.push(span);
    } else {
      portions.push({ spans: [span] });
      rows = 0;
      bytes = 0;
    }
    rows += span.rows;
    bytes += span.size;
  }
  return portions;
}

/** Whether it is more than what is read together. */
export function isOver({ rows, size }: Span): boolean {
  return rows > ROWS || size > BYTES;
}

/** Whether it may take all the memory there is. A month is put together from its days. */
export function isLarge({ spans }: Portion): boolean {
  return spans.some((span) => isOver(span) && !isMonth(span.span));
}
