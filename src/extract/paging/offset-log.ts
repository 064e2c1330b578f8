import type { Millis, OpenWindow, Page, SourceRecord } from '../../model.ts';
import { Keyer } from '../record.ts';
import { nextSliceLength, nextStep, SECOND, shapeOf } from './keyset.ts';
import { type ListPage, scan } from './offset.ts';
import { sideBySide } from './side-by-side.ts';

export type LogQuestion = { from: Millis; to: Millis; offset: number };

/** A log that is asked by time and paged by offset. `limit` is what one page holds at most, as far as known. */
export type OffsetLog = {
  fetch(question: LogQuestion): Promise<ListPage>;
  limit(): number;
  /** Called when a page without `limit()` rows turned out not to be the last. */
  learnLimit(rows: number): void;
  quirk(code: 'sort-ignored' | 'time-filter-ignored' | 'start-exclusive', what: string): void;
  subject: string;
  /** How many slices of a long window are read at a time; 1 for one page after the other. */
  lanes: number;
};

const PAGES_PER_SLICE = 20;

/** A window that promises fewer pages is read one after the other. */
const PAGES_WORTH_LANES = 12;

/**
 * Reads the rest of a window, oldest first where the server can, so that each page moves `place` and
 * a crash costs one page. Every record of the window comes at least once; repeats are the archive's business.
 */
export async function* readOffsetLog(log: OffsetLog, window: OpenWindow): AsyncGenerator<Page> {
  const { to } = window;
  let anchor = window.place;
  let before = anchor;
  let tail: SourceRecord[] = [];
  while (anchor < to) {
    const page = await log.fetch({ from: anchor, to, offset: 0 });
    const shape = shapeOf(
      page.rows.map((row) => row.time),
      { from: anchor, to },
    );
    if (shape.kind === 'outside-window') {
      log.quirk(
        'time-filter-ignored',
        'the audit log ignores from and to: it is read whole by offset',
      );
      yield* scanWhole(log, window);
      return;
    }
    if (shape.kind === 'not-ascending' || shape.kind === 'without-times') {
      log.quirk('sort-ignored', 'the audit log ignores sort=asc: it is read in slices, each twice');
      yield* scanSlices(log, { from: anchor, to });
      return;
    }
    const keyer = new Keyer();
    const records = page.rows.map((row) => keyer.key(row));
    if (!joins(tail, records)) {
      log.quirk(
        'start-exclusive',
        'a page did not begin with the end of the one before: read again',
      );
      yield* scanSlice(log, { from: before, to: Math.min(to, anchor + SECOND) });
      tail = [];
      // Not a second on: such a server leaves out what happened at the instant that is asked from.
      continue;
    }
    if (shape.kind === 'empty') {
      yield { note: page.note, records, place: to };
      return;
    }
    const step = nextStep(anchor, shape.last, records.length >= log.limit());
    yield { note: page.note, records, place: step.anchor };
    if (anchor === window.place && step.kind === 'move') {
      // The first page shows that the order holds and how dense the log is: the rest may be read in slices.
      const density = densityOf(page, to);
      const rest = { from: step.anchor, to };
      if (log.lanes > 1 && (to - rest.from) * density > PAGES_WORTH_LANES * log.limit()) {
        const { lanes } = log;
        const one = { ...log, lanes: 1 };
        yield* sideBySide(rest, { lanes, density, limit: log.limit() }, (slice) => {
          // A second early: a server may leave out what happened at the very instant that is asked from.
          const from = slice.from - SECOND;
          return readOffsetLog(one, { from, to: slice.to, place: from, part: null });
        });
        return;
      }
    }
    before = anchor;
    anchor = step.anchor;
    tail = records.filter((record) => record.time !== null && record.time >= anchor);
    if (step.kind === 'tie') {
      yield* scanSlice(log, { from: anchor, to: Math.min(to, anchor + SECOND) });
      tail = [];
      anchor += SECOND;
    } else if (step.kind === 'check-end') {
      const rest = await log.fetch({ from: anchor, to, offset: tail.length });
      const isEnd = rest.rows.length === 0;
      yield { note: rest.note, records: [], place: isEnd ? to : null };
      if (isEnd) return;
      log.learnLimit(records.length);
      if (before === anchor) {
        yield* scanSlice(log, { from: anchor, to: Math.min(to, anchor + SECOND) });
        tail = [];
        anchor += SECOND;
      }
    }
  }
}

/**
 * Rows per millisecond. How many there are in all is no more than a hint, which is enough to cut a window well;
 * without it the first page has to stand for the rest.
 */
function densityOf({ rows, total }: ListPage, to: Millis): number {
  const first = rows[0]?.time ?? 0;
  if (total !== null && total > rows.length) return total / (to - first);
  return rows.length / ((rows.at(-1)?.time ?? to) - first + 1);
}

/** Whether all of `tail` is among `records`: then nothing can lie between the two pages. */
function joins(tail: readonly SourceRecord[], records: readonly SourceRecord[]): boolean {
  if (tail.length === 0) return true;
  const keys = new Set(records.map((record) => record.key));
  return tail.every((record) => keys.has(record.key));
}

function scanSlice(
  log: OffsetLog,
  slice: { from: Millis; to: Millis },
  maxPages?: number,
): AsyncGenerator<Page, 'complete' | 'too-large'> {
  return scan({
    fetch: (offset) => log.fetch({ ...slice, offset }),
    belongs: (row) => row.time === null || (row.time >= slice.from && row.time < slice.to),
    overlaps: true,
    totalIsProof: false,
    ...(maxPages === undefined ? {} : { maxPages }),
    place: slice.to,
    subject: log.subject,
  });
}

async function* scanSlices(
  log: OffsetLog,
  window: { from: Millis; to: Millis },
): AsyncGenerator<Page> {
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

/** The server returns everything whatever we ask: read all of it, keep what belongs to the window. */
async function* scanWhole(log: OffsetLog, window: OpenWindow): AsyncGenerator<Page> {
  const { from, to } = window;
  yield* scan({
    fetch: (offset) => log.fetch({ from, to, offset }),
    belongs: (row) => row.time === null || (row.time >= from && row.time < to),
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
