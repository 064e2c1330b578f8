import type { Millis } from '../model.ts';

export const MINUTE: Millis = 60_000;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;

let cachedMinute = Number.NaN;
let cachedText = '';

/**
 * An instant as files and documents write it: ISO 8601 in UTC, with milliseconds. The text up to the minute is cached, because
 * this runs once per record and records of one minute come together.
 *
 * @throws RangeError if a Date cannot hold the instant
 */
export function iso(at: Millis): string {
  const whole = Math.trunc(at);
  const minute = Math.floor(whole / MINUTE);
  if (minute !== cachedMinute) {
    cachedText = new Date(minute * MINUTE).toISOString().slice(0, -'00.000Z'.length);
    cachedMinute = minute;
  }
  // Adding 100,000 keeps the leading zeros.
  const rest = String(100_000 + whole - minute * MINUTE);
  return `${cachedText}${rest.slice(1, 3)}.${rest.slice(3)}Z`;
}

/** An instant of a document as a screen has room for: to the minute. Empty where there is none. */
export function minuteText(instant: string | null): string {
  return instant === null ? '' : instant.replace(/(T\d\d:\d\d):\d\d(?:\.\d+)?Z$/, '$1Z');
}

export function isoOrNull(at: Millis | null): string | null {
  return at === null ? null : iso(at);
}

/** The UTC day of an instant, as `2026-03-30`. */
export function isoDay(at: Millis): string {
  return iso(at).slice(0, 'yyyy-mm-dd'.length);
}

/** An instant cut to the second, as `2026-03-30T12:00:00Z`: what APIs take that know no fractions. */
export function isoSecond(at: Millis): string {
  return `${iso(at).slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
}

/** A duration in words, rounded down: in hours up to three days, then in days. */
export function span(ms: number): string {
  const [count, unit] = ms < 3 * DAY ? [ms / HOUR, 'hour'] : [ms / DAY, 'day'];
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}
