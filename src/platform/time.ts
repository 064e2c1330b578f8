import type { Millis } from '../model.ts';

/** An instant as files and documents write it: ISO 8601 in UTC, with milliseconds. */
export function iso(at: Millis): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: Millis | null): string | null {
  return at === null ? null : iso(at);
}

/** The UTC day of an instant, as `2026-03-30`. */
export function isoDay(at: Millis): string {
  return iso(at).slice(0, 10);
}
