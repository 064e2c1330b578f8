import type { Millis, OpenWindow, Page, SourceRecord, Window } from '../../model.ts';
import { Keyer } from '../record.ts';
import { concurrentSlices } from './concurrent-slices.ts';
import { nextStep, SECOND, shapeOf } from './keyset.ts';
import type { ListPage } from './offset.ts';
import type { OffsetLog } from './timed-log.ts';
import { readUnordered, scanSlice } from './unordered-log.ts';

/** A window that promises fewer pages is read one page after the other. */
const PAGES_WORTH_SLICING = 12;

/** Where the reading of an ordered log stands. */
type Standing = {
  /** The second that the next page is asked from, and that of the page before. */
  anchor: Millis;
  before: Millis;
  /** The last rows of the page before, which the next page must have again. */
  tail: readonly SourceRecord[];
};

/**
 * Reads the rest of a window, oldest first where the server can, so that each page moves `place` and
 * a crash costs one page. Every record of the window comes at least once; duplicates are the archive's business.
 */
export async function* readOffsetLog(log: OffsetLog, window: OpenWindow): AsyncGenerator<Page> {
  const { to } = window;
  const at: Standing = { anchor: window.place, before: window.place, tail: [] };
  while (at.anchor < to) {
    const page = await log.fetch({ from: at.anchor, to, offset: 0 });
    const times = page.rows.map((row) => row.time);
    const shape = shapeOf(times, { from: at.anchor, to });
    if (shape.kind !== 'ascending' && shape.kind !== 'empty') {
      yield* readUnordered(log, window, at.anchor, shape);
      return;
    }
    const keyer = new Keyer();
    const records = page.rows.map((row) => keyer.key(row));
    if (!joins(at.tail, records)) {
      yield* rereadGap(log, at, to);
      continue;
    }
    if (shape.kind === 'empty') {
      yield { note: page.note, records, place: to };
      return;
    }
    const step = nextStep(at.anchor, shape.last, records.length >= log.limit());
    yield { note: page.note, records, place: step.anchor };
    const density = densityOf(page, to);
    if (
      at.anchor === window.place &&
      step.kind === 'move' &&
      isLong(log, step.anchor, to, density)
    ) {
      // The first page has shown that the order holds and how dense the log is.
      yield* readInSlices(log, { from: step.anchor, to }, density);
      return;
    }
    at.before = at.anchor;
    at.anchor = step.anchor;
    at.tail = records.filter((record) => record.time !== null && record.time >= at.anchor);
    if (step.kind === 'tie') yield* readTie(log, at, to);
    if (step.kind !== 'check-end') continue;
    if (yield* isEnd(log, at, to)) return;
    log.learnLimit(records.length);
    if (at.before === at.anchor) yield* readTie(log, at, to);
  }
}

/** A page that does not begin with the end of the one before: something may lie between them. */
async function* rereadGap(log: OffsetLog, at: Standing, to: Millis): AsyncGenerator<Page> {
  log.quirk('start-exclusive', 'a page did not begin with the end of the one before: read again');
  yield* scanSlice(log, { from: at.before, to: Math.min(to, at.anchor + SECOND) });
  // The anchor stays: such a server leaves out what happened at the instant that is asked from.
  at.tail = [];
}

/** More rows in one second than fit on a page: that second is read by offset. */
async function* readTie(log: OffsetLog, at: Standing, to: Millis): AsyncGenerator<Page> {
  yield* scanSlice(log, { from: at.anchor, to: Math.min(to, at.anchor + SECOND) });
  at.tail = [];
  at.anchor += SECOND;
}

/** Whether nothing follows a page that looks like the last one. */
async function* isEnd(log: OffsetLog, at: Standing, to: Millis): AsyncGenerator<Page, boolean> {
  const rest = await log.fetch({ from: at.anchor, to, offset: at.tail.length });
  const isOver = rest.rows.length === 0;
  yield { note: rest.note, records: [], place: isOver ? to : null };
  return isOver;
}

function isLong({ slices, limit }: OffsetLog, from: Millis, to: Millis, density: number): boolean {
  return slices > 1 && (to - from) * density > PAGES_WORTH_SLICING * limit();
}

function readInSlices(log: OffsetLog, rest: Window, density: number): AsyncGenerator<Page> {
  const one = { ...log, slices: 1 };
  const options = { slices: log.slices, density, limit: log.limit() };
  return concurrentSlices(rest, options, (slice) => {
    // A second early: a server may leave out what happened at the very instant that is asked from.
    const from = slice.from - SECOND;
    return readOffsetLog(one, { from, to: slice.to, place: from, part: null });
  });
}

/**
 * Rows per millisecond. How many there are in all is no more than a hint, which is enough to cut a window well;
 * without it the first page has to stand for the rest.
 */
function densityOf({ rows, total }: ListPage, to: Millis): number {
  // Rows without a time say nothing.
  const first = rows.find(({ time }) => time !== null)?.time ?? 0;
  if (total !== null && total > rows.length) return total / (to - first);
  return rows.length / ((rows.findLast(({ time }) => time !== null)?.time ?? to) - first + 1);
}

/** Whether all of `tail` is among `records`: then nothing can lie between the two pages. */
function joins(tail: readonly SourceRecord[], records: readonly SourceRecord[]): boolean {
  if (tail.length === 0) return true;
  const keys = new Set(records.map((record) => record.key));
  return tail.every((record) => keys.has(record.key));
}
