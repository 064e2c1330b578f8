import type { Millis, Window } from '../../model.ts';
import { DAY, HOUR } from '../../platform/time.ts';

/** Analytics has no figures before, and serves none that are older than a year. */
const FIRST_DAY: Millis = Date.UTC(2026, 0);
export const KEPT: Millis = 365 * DAY;

/** What of a window can be asked for. Pure. */
export function servedRange({ from, to }: Window, now: Millis): Window {
  const oldest = Math.floor((now - KEPT + DAY) / DAY) * DAY;
  return { from: Math.min(to, Math.max(from, FIRST_DAY, oldest)), to };
}

/** The last day that has been counted: the figures of a day are made at ten the next morning. Pure. */
export function lastCounted(now: Millis): Millis {
  return Math.floor((now - 10 * HOUR) / DAY) * DAY - DAY;
}
