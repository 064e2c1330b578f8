import type { Millis, Page } from '../../model.ts';
import { ahead, type Ahead } from './ahead.ts';
import { floorSecond, SECOND } from './keyset.ts';

type Range = { from: Millis; to: Millis };

/** Enough that the request which finds a slice's end weighs little, few enough that those which lie ready do. */
const PAGES_PER_SLICE = 6;

/** A slice is at most so much longer than the one before: what comes after a quiet night is busier. */
const MAX_GROWTH = 2;

/** A slice that turns out longer than planned still need not wait for its turn. */
const PAGES_READY = 9;

/** How much of what was learnt stays with each further slice: days and nights even out over several. */
const MEMORY = 0.85;

/**
 * Reads a long window in slices, several at a time, and hands the pages over in the order of time, so that one place
 * says how far the window has been read. What lies ready is bounded: a slice that is not its turn yet waits.
 *
 * @param lanes   slices being read at a time
 * @param density rows per millisecond, as the first page has shown it; then it is learnt from slice to slice
 * @param limit   rows of a full page
 * @param read    reads one slice completely
 */
export async function* sideBySide(
  window: Range,
  options: { lanes: number; density: number; limit: number },
  read: (slice: Range) => AsyncIterable<Page>,
): AsyncGenerator<Page> {
  const rowsPerSlice = options.limit * PAGES_PER_SLICE;
  const open: { slice: Range; pages: Ahead<Page> }[] = [];
  let length = sliceLength(rowsPerSlice, options.density, Number.POSITIVE_INFINITY);
  let next = window.from;
  let known = { rows: 0, time: 0 };
  try {
    for (;;) {
      while (open.length < options.lanes && next < window.to) {
        const slice = { from: next, to: Math.min(window.to, next + length) };
        open.push({ slice, pages: ahead(read(slice), PAGES_READY) });
        next = slice.to;
      }
      const lane = open[0];
      if (lane === undefined) return;
      let rows = 0;
      for await (const page of lane.pages) {
        rows += page.records.length;
        yield page;
      }
      open.shift();
      const { from, to } = lane.slice;
      known = { rows: known.rows * MEMORY + rows, time: known.time * MEMORY + to - from };
      length = sliceLength(rowsPerSlice, known.rows / known.time, length * MAX_GROWTH);
    }
  } finally {
    await Promise.all(open.map((lane) => lane.pages.close()));
  }
}

/** How long a slice with about so many rows is, in whole seconds. Pure. */
export function sliceLength(rows: number, density: number, most: Millis): Millis {
  const length = Math.min(rows / density, most);
  return Number.isFinite(length) ? Math.max(SECOND, floorSecond(length)) : most;
}
