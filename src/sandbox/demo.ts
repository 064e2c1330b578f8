/**
 * What a demonstration adds to a history: it goes on after its end as far as the clock, and somebody breaks in during its last
 * night. The vendors tell one story: an unknown address signs in as an administrator, makes somebody else one, switches single
 * sign-on off, and takes along what it can.
 */
import { eventTimes } from './event-times.ts';
import { emailOf, fullName } from './names.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** No employee has one like it. */
export const INTRUDER_ADDRESS = '2001:db8:5eed::66';
export const INTRUDER_CLIENT = 'curl/8.9.1';

/** The places of two employees: whose account is broken into, and who is made an administrator by it. */
export const BROKEN_INTO = 0;
export const PROMOTED = 5;
export const PROMOTED_EMAIL = emailOf(fullName(PROMOTED));

/** When it begins, in the last night of a history that ends at `until`: long enough ago to be read by the first run. */
export function breakInAt(until: number): number {
  const night = 2 * HOUR + 11 * MINUTE;
  const today = Math.floor(until / DAY) * DAY + night;
  return today + 2 * HOUR <= until ? today : today - DAY;
}

/**
 * The times of a history, and of what happened after its end up to `now`. What was there at an earlier `now` comes first and
 * is the same.
 *
 * @param times of the history, ascending
 */
export function continued(
  times: Float64Array,
  { until, now, perDay, seed }: { until: number; now: number; perDay: number; seed: number },
): Float64Array {
  const later: number[] = [];
  for (let start = until, day = 1; start < now; start += DAY, day++) {
    later.push(...eventTimes(perDay, start, start + DAY, seed + 101 * day));
  }
  return Float64Array.from([...times, ...later.filter((time) => time < now)]);
}
