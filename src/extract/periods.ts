import type { Millis, Period } from '../model.ts';
import { DAY, HOUR } from '../platform/time.ts';

/*
 * The calendars by which vendors count. All are in UTC: a period's bounds never depend on a clock change. Pure.
 */

/** 1970-01-05 was a Monday. */
const FIRST_MONDAY: Millis = 4 * DAY;

export const UTC_DAYS: Period = fixed(DAY, 0);

/** Billing days that begin at midnight in PST: 08:00 UTC, in summer too. */
export const DAYS_FROM_EIGHT: Period = fixed(DAY, 8 * HOUR);

export const MONDAY_WEEKS: Period = fixed(7 * DAY, FIRST_MONDAY);

export const MONTHS: Period = {
  floor(at) {
    const date = new Date(at);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  },
  next(start) {
    const date = new Date(start);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  },
};

/** The end of the period that an instant is in; an instant between two periods is its own. */
export function ceil(period: Period, at: Millis): Millis {
  const start = period.floor(at);
  return start === at ? at : period.next(start);
}

function fixed(length: Millis, offset: Millis): Period {
  return {
    floor: (at) => Math.floor((at - offset) / length) * length + offset,
    next: (start) => start + length,
  };
}
