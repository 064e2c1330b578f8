import { isMonth } from './calendar.ts';
import type { Span } from './spans.ts';
import { WIDE } from './writer.ts';

/** Spans of one table and source that are written one after the other, with the same memory, and compared together. */
export type Portion = { spans: Span[] };

// What is compared is resolved once per portion. Larger portions save little time and take memory.
const ROWS = 20_000;
const BYTES = 16 * 2 ** 20;
/** What is named in one statement. */
const SPANS = 90;

// Passes in 128 MB with rows of 550 bytes, in 256 MB for certain.
const SORTED_ROWS = 120_000;
const SORTED_BYTES = 64 * 2 ** 20;

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
      isWide(first) === isWide(span) &&
      open !== undefined &&
      open.spans.length < SPANS &&
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

/** Whether its rows are large. Those of a portion are alike, so that a file does not depend on what it is written with. */
export function isWide({ rows, size }: Span): boolean {
  return size > rows * WIDE;
}

/** Whether it is more than what is read together. */
export function isOver({ rows, size }: Span): boolean {
  return rows > ROWS || size > BYTES;
}

/** Of a month: whether it has to be put together from its days. */
export function isTooLargeToSort({ rows, size }: Span): boolean {
  return rows > SORTED_ROWS || size > SORTED_BYTES;
}

/** Whether it may take all the memory there is. */
export function isLarge({ spans }: Portion): boolean {
  return spans.some((span) => isOver(span) && !(isMonth(span.span) && isTooLargeToSort(span)));
}
