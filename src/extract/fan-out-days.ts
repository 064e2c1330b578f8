import type { Millis, OpenWindow, Page, PartEnd } from '../model.ts';
import { DAY, isoDay } from '../platform/time.ts';
import { type FanOut, fanOut } from './fan-out.ts';

/**
 * Asks the same about every day of a window that an earlier run has not read, several at a time. A part is named after its day.
 *
 * @param window begins with a day
 * @throws VendorError as `fanOut`
 */
export function fanOutDays(
  { from, to, part }: Pick<OpenWindow, 'from' | 'to' | 'part'>,
  options: Pick<FanOut<Millis>, 'endpoint' | 'width' | 'quirk'>,
  read: (day: Millis) => Promise<Page[]>,
): AsyncGenerator<Page | PartEnd> {
  const days: Millis[] = [];
  for (let day = from; day < to; day += DAY) days.push(day);
  const rest = days.filter((day) => part === null || isoDay(day) > part);
  return fanOut(rest, { ...options, partOf: isoDay, resumed: rest.length < days.length }, read);
}
