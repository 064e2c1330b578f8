import type { Millis } from '../model.ts';

/** The clocks of a time zone. What they show is written as if it were UTC, in epoch ms. */
export type Zone = { shows(at: Millis): Millis };

const DAY = 86_400_000;

/** @param name an IANA name; RangeError if there is no such zone */
export function openZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  return {
    shows(at) {
      const parts = format.formatToParts(at);
      return at + offsetOf(parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT');
    },
  };
}

/** `GMT`, `GMT-03:30`; before about 1900 with seconds. */
function offsetOf(text: string): Millis {
  const [, sign, hours, minutes, seconds = '0'] =
    /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000 + Number(seconds) * 1000;
  return sign === '-' ? -size : size;
}

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
