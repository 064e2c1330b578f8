import type { Millis } from '../model.ts';
import { DAY, HOUR } from '../platform/time.ts';
import type { Zone } from '../platform/zone.ts';
import { firstInstant } from './first-instant.ts';
import type { CronLine } from './last-due.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** 29 February comes within eight years, even around 2100. */
const FARTHEST_DAYS = 8 * 366;

/** When a line is due next, after `now`, by the rules of `lastDue`; null if not within eight years. */
export function nextDue(line: CronLine, zone: Zone, now: Millis): Millis | null {
  // A time that the clocks skip is due on the day before, as seen from where they stand then.
  const first = Math.floor(zone.shows(now) / DAY) * DAY - DAY;
  for (let ahead = 0; ahead < FARTHEST_DAYS; ahead += 1) {
    const day = first + ahead * DAY;
    const at = line.onDay(day) ? firstOnDay(line, zone, day, now) : null;
    if (at !== null) return at;
  }
  return null;
}

function firstOnDay(line: CronLine, zone: Zone, day: Millis, now: Millis): Millis | null {
  for (const hour of line.hours.toReversed()) {
    const atHour = day + hour * HOUR;
    // Instants grow with the time shown: what ends too early has nothing in it.
    if (firstInstant(zone, atHour + HOUR - SECOND) <= now) continue;
    for (const minute of line.minutes.toReversed()) {
      const atMinute = atHour + minute * MINUTE;
      if (firstInstant(zone, atMinute + MINUTE - SECOND) <= now) continue;
      for (const second of line.seconds.toReversed()) {
        const at = firstInstant(zone, atMinute + second * SECOND);
        if (at > now) return at;
      }
    }
  }
  return null;
}
