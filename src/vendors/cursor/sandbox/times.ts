import { badRequest } from './errors.ts';

export const DAY = 86_400_000;
const UNITS: Record<string, number> = { d: DAY, h: 3_600_000, m: 60_000, s: 1000 };

/** A time as the audit log takes it: a word, how long ago, an instant, a day, or Unix time in seconds or ms. */
export function readTime(text: string, now: number): number {
  const today = Math.floor(now / DAY) * DAY;
  const words: Record<string, number> = { now, today, yesterday: today - DAY };
  const ago = /^(\d+)([dhms])$/.exec(text);
  const digits = /^\d+$/.test(text) ? Number(text) : null;
  const found =
    words[text] ??
    (ago === null ? null : now - Number(ago[1]) * (UNITS[ago[2] ?? ''] ?? 0)) ??
    (digits === null ? null : digits < 1e11 ? digits * 1000 : digits) ??
    Date.parse(text);
  return Number.isNaN(found) ? badRequest(`Invalid date: ${text}`) : found;
}

/** A range of at most thirty days. */
export function expectRange(from: number, to: number): void {
  if (from > to) badRequest('startDate must be before endDate');
  if (to - from > 30 * DAY) badRequest('Date range cannot exceed 30 days');
}

export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The beginnings of the UTC days that a range touches. */
export function daysOf(from: number, to: number): number[] {
  const days: number[] = [];
  for (let at = Math.floor(from / DAY) * DAY; at <= to; at += DAY) days.push(at);
  return days;
}
