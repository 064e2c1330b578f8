import type { Millis } from '../model.ts';
import type { Zone } from '../platform/zone.ts';
import { DAY } from '../platform/time.ts';

/**
 * The first instant at which the clocks show this time or a later one. So a time that they skip in spring is the instant
 * of the change, and one that they show twice in autumn is the first of the two. It never decreases as `time` grows.
 */
export function firstInstant(zone: Zone, time: Millis): Millis {
  // A day before and after, as zones are up to 14 hours away from UTC and change their clocks months apart.
  const [early, late] = [time - DAY, time + DAY]
    .map((at) => time - (zone.shows(at) - at))
    .toSorted((a, b) => a - b) as [Millis, Millis];
  if (zone.shows(early) === time) return early;
  if (zone.shows(late) === time) return late;
  let [before, after] = [early, late];
  while (after - before > 1000) {
    const middle = before + Math.floor((after - before) / 2000) * 1000;
    if (zone.shows(middle) < time) before = middle;
    else after = middle;
  }
  return after;
}
