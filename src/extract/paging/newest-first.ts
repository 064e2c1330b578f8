import type { Millis, OpenWindow, Page, Quirk, Window } from '../../model.ts';
import { DAY } from '../../platform/time.ts';
import { Keyer, type Row } from '../record.ts';
import type { TimeFilter } from '../time-filter.ts';
import { type CursorPage, cursorPages } from './cursor.ts';
import { nextSliceLength, SECOND } from './keyset.ts';
import { type Direction, TwoWayCursor } from './two-way-cursor.ts';

/** A log that is asked by time, serves the newest first, and is paged by the id of a page's last record. */
export type NewestFirstLog = {
  /** @param at where the page begins; null for the newest records of the window */
  fetch(window: Window, at: { by: Direction; cursor: string } | null): Promise<CursorPage>;
  timeFilter: TimeFilter;
  quirk: (quirk: Quirk) => void;
  subject: string;
};

/** Of a window that begins in 1970 the first slices are empty; each that takes few pages doubles the next. */
const FIRST_SLICE: Millis = 90 * DAY;

/** A longer slice with more pages is left and cut: what a stopped run has read of it would have to be read again. */
const PAGES_PER_SLICE = 20;

/**
 * Reads the rest of a window, slice by slice from the oldest on. In a slice the newest comes first, so that nothing is sure
 * before its end: it counts whole, or not at all.
 */
export async function* readNewestFirst(
  log: NewestFirstLog,
  window: OpenWindow,
): AsyncGenerator<Page> {
  const cursor = new TwoWayCursor(log.subject, log.quirk);
  let from = window.place;
  let length = FIRST_SLICE;
  while (from < window.to) {
    const slice = { from, to: Math.min(window.to, from + length) };
    const pages = yield* readSlice(log, cursor, slice, PAGES_PER_SLICE);
    if (pages === 'ignored') {
      log.quirk({
        code: 'time-filter-ignored',
        what: `${log.subject} ignores the time filter: it is read whole`,
      });
      yield* readSlice(log, cursor, { from: window.place, to: window.to }, null);
      return;
    }
    if (pages !== 'too-large') from = slice.to;
    length = nextSliceLength(slice.to - slice.from, pages);
  }
}

/**
 * @param most how many pages it may have; null for a slice that is read to its end in any case
 * @returns how many pages it took, or why it was left
 */
async function* readSlice(
  log: NewestFirstLog,
  cursor: TwoWayCursor,
  slice: Window,
  most: number | null,
): AsyncGenerator<Page, number | 'too-large' | 'ignored'> {
  // A second cannot be cut.
  const limit = slice.to - slice.from > SECOND && most !== null ? most : Number.POSITIVE_INFINITY;
  const keyer = new Keyer();
  let pages = 0;
  for await (const page of cursorPages(listing(log, cursor, slice), log.subject)) {
    const { rows, note, isLast } = page;
    pages += 1;
    const isOdd = rows.some(({ time }) => time !== null && (time < slice.from || time >= slice.to));
    // Slices of it would each be all of it.
    if (isOdd && most !== null && (await log.timeFilter.isIgnored())) return 'ignored';
    const asked = await log.timeFilter.served(rows, slice.from);
    yield { note, records: asked.map((row) => keyer.key(row)), place: isLast ? slice.to : null };
    if (!isLast && pages >= limit) return 'too-large';
  }
  return pages;
}

/** Asks for one page after the other, and looks at each whether it goes on. */
function listing(
  log: NewestFirstLog,
  cursor: TwoWayCursor,
  slice: Window,
): (after: string | null) => Promise<CursorPage> {
  const seen = new Set<string>();
  let first: Row | undefined;
  let last: Row | undefined;
  return async (after) => {
    const page =
      after === null
        ? await log.fetch(slice, null)
        : await cursor.next({ seen, first, last }, (by) => log.fetch(slice, { by, cursor: after }));
    for (const { id } of page.rows) if (id !== null) seen.add(id);
    first ??= page.rows[0];
    last = page.rows.at(-1) ?? last;
    return page;
  };
}

/** No vendor of AI tools kept a log before. */
const EARLIEST: Millis = Date.UTC(2015, 0);

/**
 * When the oldest event happened that is still served, to the day: the newest comes first, so it is found by halving. Null
 * where there is none.
 */
export async function oldestOf(log: NewestFirstLog, now: Millis): Promise<Millis | null> {
  if (await log.timeFilter.isIgnored()) return null;
  let [from, to] = [EARLIEST, now];
  let found: Millis | null = null;
  while (to - from > DAY || found === null) {
    const middle = found === null ? now : Math.ceil((from + to) / 2 / SECOND) * SECOND;
    const { rows, more } = await log.fetch({ from: 0, to: middle }, null);
    const times = rows.flatMap(({ time }) => (time === null || time < EARLIEST ? [] : [time]));
    if (times.length === 0) {
      if (found === null) return null;
      from = middle;
      continue;
    }
    found = Math.min(...times);
    if (more === false) return found;
    to = Math.min(found, middle);
  }
  return found;
}
