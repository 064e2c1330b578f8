/** Series that are asked for in ranges of days and answered with rows of several days. */
import type { HeldPage } from '../../extract/paging/counted-list.ts';
import { ceil, UTC_DAYS } from '../../extract/periods.ts';
import type { Millis, OpenWindow, Page, SourceRecord, Window } from '../../model.ts';
import { DAY, isoDay } from '../../platform/time.ts';

/** Reads a window after the part up to which it has been read, so many days at a time, and hands it over day by day. */
export async function* readByDay(
  { from, to, part }: OpenWindow,
  days: number,
  read: (range: Window) => Promise<HeldPage[]>,
): AsyncGenerator<Page> {
  const first = UTC_DAYS.floor(from);
  const begin = part === null ? first : Math.max(first, Date.parse(part) + DAY);
  for (let start = begin; start < to; start += days * DAY) {
    const range = { from: start, to: Math.min(ceil(UTC_DAYS, to), start + days * DAY) };
    yield* byDay(await read(range), range);
  }
}

/** The rows of each page under the day that they are of; the last page of a day completes it. */
function* byDay(pages: readonly HeldPage[], { from, to }: Window): Generator<Page> {
  for (let start = from; start < to; start += DAY) {
    const day = isoDay(start);
    const ofDay = pages.map(({ note, records }) => ({
      note,
      records: records
        .filter(({ time }) => dayOf(time, from) === start)
        .map((record): SourceRecord => ({ ...record, key: `${day}/${record.key}` })),
      place: null,
    }));
    const some = ofDay.filter(({ records }, i) => records.length > 0 || i === ofDay.length - 1);
    for (const [i, page] of some.entries()) {
      yield i === some.length - 1 ? { ...page, part: day } : page;
    }
  }
}

/** What has no day is kept with the first one. */
function dayOf(time: Millis | null, from: Millis): Millis {
  return time === null ? from : Math.floor(time / DAY) * DAY;
}
