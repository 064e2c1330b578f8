import { VendorError } from '../../errors.ts';
import type { Millis, Page, Period, SourceRecord, Window } from '../../model.ts';
import { iso } from '../../platform/time.ts';
import { askedPeriods } from '../asked-periods.ts';
import { MAX_PASSES } from '../limits.ts';
import { UTC_DAYS } from '../periods.ts';
import { keyOfContent } from '../../platform/key.ts';
import type { Row } from '../record.ts';
import { type CursorPage, cursorPages } from './cursor.ts';

/** How a usage API is asked that answers in buckets: periods of equal length, each a record with all its results. */
export type Buckets = {
  /** Asks for a page of the buckets of a range; a row's time is where its bucket begins. */
  fetch(range: Window, after: string | null): Promise<CursorPage>;
  /** What every key begins with, and what the series is complete by. */
  part: string;
  /** The path, for errors. */
  subject: string;
  /** What the pages add to the meaning of their records. */
  context: Record<string, string>;
  /** Default: UTC days. */
  period?: Period;
  /** How long a range may be that is asked for at once. Default: as long as it is. */
  longest?: Millis;
};

/**
 * Reads the buckets of a window page by page. An empty bucket says that there was nothing, and is kept. A token may expire
 * on the way, when the vendor has recounted: then the range is read from its beginning.
 */
export async function* bucketPages(window: Window, buckets: Buckets): AsyncGenerator<Page> {
  const { part, period = UTC_DAYS, context } = buckets;
  let last: Page | null = null;
  for (const range of rangesOf(window, buckets)) {
    for await (const { rows, note } of rangePages(range, buckets)) {
      if (last !== null) yield last;
      const records = askedPeriods(rows, range, period).map((row) => bucketOf(row, part));
      last = { note: { ...note, context }, records, place: null };
    }
  }
  if (last !== null) yield { ...last, part };
}

async function* rangePages(range: Window, buckets: Buckets): AsyncGenerator<CursorPage> {
  const fetch = (after: string | null): Promise<CursorPage> => buckets.fetch(range, after);
  for (let pass = 1; ; pass += 1) {
    try {
      yield* cursorPages(fetch, buckets.subject);
      return;
    } catch (error) {
      if (!isExpired(error) || pass >= MAX_PASSES) throw error;
    }
  }
}

/** Whether the place in a list is gone, not the list. */
function isExpired(error: unknown): boolean {
  return error instanceof VendorError && error.status === 410;
}

function rangesOf({ from, to }: Window, { longest, period = UTC_DAYS }: Buckets): Window[] {
  if (longest === undefined) return [{ from, to }];
  const ranges: Window[] = [];
  for (let start = from; start < to;) {
    const end = start + longest >= to ? to : period.floor(start + longest);
    ranges.push({ from: start, to: end > start ? end : period.next(start) });
    start = ranges.at(-1)?.to ?? to;
  }
  return ranges;
}

function bucketOf({ bytes, time }: Row, part: string): SourceRecord {
  const name = time === null ? keyOfContent(bytes, 0) : iso(time);
  return { bytes, key: `${part}/${name}`, time };
}
