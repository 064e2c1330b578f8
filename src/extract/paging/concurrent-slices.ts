import type { Millis, Page, Window } from '../../model.ts';
import { prefetch, type Prefetched } from './prefetch.ts';
import { floorSecond, SECOND } from './keyset.ts';

/** Enough that the request which finds the end of a slice weighs little, few enough that waiting pages take little memory. */
const PAGES_PER_SLICE = 6;

/** A slice is at most this much longer than the one before: what follows a quiet night is busier. */
const MAX_GROWTH = 2;

/** A slice that turns out longer than planned need not pause until its turn comes. */
const PAGES_READY = 9;

/** How much of the measured density stays with each further slice: days and nights even out over several. */
const MEMORY = 0.85;

/**
 * Reads a long window in slices, several at a time, and hands the pages over in the order of time, so that one place
 * says how far the window has been read. What waits for its turn is bounded.
 *
 * @param options.slices  how many are read at a time
 * @param options.density rows per millisecond, as the first page showed it; each slice then corrects it
 * @param options.limit   rows of a full page
 * @param read            reads one slice completely
 */
export async function* concurrentSlices(
  window: Window,
  options: { slices: number; density: number; limit: number },
  read: (slice: Window) => AsyncIterable<Page>,
): AsyncGenerator<Page> {
  const rowsPerSlice = options.limit * PAGES_PER_SLICE;
  const open: { slice: Window; pages: Prefetched<Page> }[] = [];
  let length = sliceLength(rowsPerSlice, options.density, Number.POSITIVE_INFINITY);
  let next = window.from;
  let known = { rows: 0, time: 0 };
  try {
    for (;;) {
      while (open.length < options.slices && next < window.to) {
        const slice = { from: next, to: Math.min(window.to, next + length) };
        open.push({ slice, pages: prefetch(read(slice), PAGES_READY) });
        next = slice.to;
      }
      const first = open[0];
      if (first === undefined) return;
      let rows = 0;
      for await (const page of first.pages) {
        rows += page.records.length;
        yield page;
      }
      open.shift();
      const { from, to } = first.slice;
      known = { rows: known.rows * MEMORY + rows, time: known.time * MEMORY + to - from };
      length = sliceLength(rowsPerSlice, known.rows / known.time, length * MAX_GROWTH);
    }
  } finally {
    await Promise.all(open.map(({ pages }) => pages.close()));
  }
}

/** How long a slice with about so many rows is, in whole seconds. Pure. */
export function sliceLength(rows: number, density: number, most: Millis): Millis {
  const length = Math.min(rows / density, most);
  return Number.isFinite(length) ? Math.max(SECOND, floorSecond(length)) : most;
}
