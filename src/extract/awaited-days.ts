import { VendorError } from '../errors.ts';
import { isPartEnd, type Millis, type Page, type PartEnd } from '../model.ts';
import { DAY } from '../platform/time.ts';
import { partEndOf } from './part-end.ts';

/** Within so many days after it began a vendor that makes reports has made that of a day. */
const READY_AFTER: Millis = 4 * DAY;

/**
 * A day without a report has none yet, if it is one of the last days or lies after one that has a report; else the reports
 * begin later. What is awaited is asked for again by every run, so that a report that is late is no empty day.
 *
 * @param items the days in their order, each as its report's pages or as an end; the name of a part is its day
 * @throws VendorError where nothing was answered and not every day may be too young
 */
export async function* awaitDays(
  items: AsyncIterable<Page | PartEnd>,
  days: readonly string[],
  now: Millis,
): AsyncGenerator<Page | PartEnd> {
  let hasReports = false;
  const isYoung = (day: string): boolean => Date.parse(day) >= now - READY_AFTER;
  try {
    for await (const item of items) {
      if (!isPartEnd(item)) hasReports = true;
      else if (item.ended === 'gone' && (hasReports || isYoung(item.part))) {
        yield awaited(item);
        continue;
      }
      yield item;
    }
  } catch (error) {
    if (!(error instanceof VendorError) || error.status !== 404) throw error;
    if (hasReports || !days.every(isYoung)) throw error;
    for (const day of days) {
      const end = partEndOf(day, error);
      if (end !== null) yield awaited(end);
    }
  }
}

function awaited(end: PartEnd): PartEnd {
  return {
    ...end,
    ended: 'awaited',
    from: Date.parse(end.part),
    reason: { ...end.reason, hint: 'nothing: every run asks for it again' },
  };
}
