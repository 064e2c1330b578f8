import type { Millis, OpenWindow, Page, Window } from '../../model.ts';
import { nextSliceLength, SECOND, type Shape } from './keyset.ts';
import { scan } from './offset.ts';
import type { OffsetLog } from './timed-log.ts';

const PAGES_PER_SLICE = 20;

/**
 * The server does not do what it is asked, or goes by another time than the event's: nothing is sure before the end of a
 * slice.
 */
export async function* readUnordered(
  log: OffsetLog,
  window: OpenWindow,
  from: Millis,
  { kind }: Shape,
): AsyncGenerator<Page> {
  if (await log.timeFilter.isIgnored()) {
    const what = 'the log ignores the time filter: it is read whole by offset';
    log.quirk('time-filter-ignored', what);
    yield* scanWhole(log, window);
    return;
  }
  if (kind === 'outside-window') {
    const what = 'the log serves events that are dated outside of what it is asked for';
    log.quirk('dated-outside', `${what}: they are kept, and it is read in slices, each twice`);
  } else {
    log.quirk('sort-ignored', 'the log ignores the order: it is read in slices, each twice');
  }
  yield* scanSlices(log, { from, to: window.to });
}

/** Reads a slice by offset until it is sure to have all of it. */
export function scanSlice(
  log: OffsetLog,
  slice: Window,
  maxPages?: number,
): AsyncGenerator<Page, 'complete' | 'too-large'> {
  return scan({
    fetch: (offset) => log.fetch({ ...slice, offset }),
    belongs: () => true,
    overlaps: true,
    totalIsProof: false,
    ...(maxPages === undefined ? {} : { maxPages }),
    place: slice.to,
    subject: log.subject,
  });
}

async function* scanSlices(log: OffsetLog, window: Window): AsyncGenerator<Page> {
  let { from } = window;
  let length = window.to - from;
  while (from < window.to) {
    const slice = { from, to: Math.min(window.to, from + length) };
    const maxPages = slice.to - slice.from > SECOND ? PAGES_PER_SLICE : undefined;
    let pages = 0;
    const pagesOf = scanSlice(log, slice, maxPages);
    for (;;) {
      const { done, value } = await pagesOf.next();
      if (done === true) {
        if (value === 'complete') from = slice.to;
        length = nextSliceLength(slice.to - slice.from, value === 'complete' ? pages : value);
        break;
      }
      pages += 1;
      yield value;
    }
  }
}

/** The server returns everything whatever we ask: read all of it, leave out what is older than the window. */
async function* scanWhole(log: OffsetLog, window: OpenWindow): AsyncGenerator<Page> {
  const { from, to } = window;
  yield* scan({
    fetch: (offset) => log.fetch({ from, to, offset }),
    belongs: ({ time }) => time === null || time >= from,
    overlaps: true,
    totalIsProof: false,
    // Newest first: what follows a page that is wholly before the window is older still.
    endsAfter: (page) =>
      page.rows.length > 1 &&
      isDescending(page.rows.map((row) => row.time)) &&
      page.rows.every((row) => row.time !== null && row.time < from),
    place: to,
    subject: log.subject,
  });
}

function isDescending(times: readonly (Millis | null)[]): boolean {
  const first = times[0];
  const last = times.at(-1);
  return (
    first !== null &&
    last !== null &&
    first !== undefined &&
    last !== undefined &&
    first > last &&
    times.every((time, i) => i === 0 || (time ?? 0) <= (times[i - 1] ?? 0))
  );
}
