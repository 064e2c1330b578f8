import type { Millis, OpenWindow, Page, SourceRecord, Window } from '../../model.ts';
import { type CountedPage, readWhole } from './counted-list.ts';
import { nextSliceLength, SECOND } from './keyset.ts';

/** A log that is asked by time, and whose pages are numbered. */
export type CountedLog = {
  fetch(slice: Window, page: number): Promise<CountedPage>;
  /** Which of the records that were served for a slice are handed over; the others come with the next one. */
  belongs(record: SourceRecord, slice: Window): boolean;
  /** The longest range that it takes in one question. */
  longest: Millis;
  subject: string;
};

/** Enough that a quiet night is one slice, few enough to be held. */
const PATIENCE = { pages: 20, passes: 2 };

/**
 * Reads the rest of a window in slices, each of which is handed over whole or not at all: in what order the server has its
 * events, and whether they move from page to page while it is read, does not matter. A slice that takes long or does not
 * hold still is cut.
 */
export async function* readCountedLog(log: CountedLog, window: OpenWindow): AsyncGenerator<Page> {
  const { longest, subject } = log;
  const { to } = window;
  let from = window.place;
  let length = Math.min(longest, to - from);
  while (from < to) {
    const slice = { from, to: Math.min(to, from + length) };
    const isShort = slice.to - slice.from <= SECOND;
    const pages = await readWhole({
      fetch: (page) => log.fetch(slice, page),
      ...(isShort ? {} : { patience: PATIENCE }),
      subject,
    });
    if (pages === null) {
      length = nextSliceLength(slice.to - slice.from, 'too-large');
      continue;
    }
    for (const [i, { note, records }] of pages.entries()) {
      const place = i === pages.length - 1 ? slice.to : null;
      yield { note, records: records.filter((record) => log.belongs(record, slice)), place };
    }
    from = slice.to;
    length = Math.min(longest, nextSliceLength(length, pages.length));
  }
}
