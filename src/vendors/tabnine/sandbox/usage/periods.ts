export const GRANULARITIES = ['all', 'daily', 'weekly', 'monthly'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** The days `[first, end)`, counted since 1970. */
export type Period = { readonly first: number; readonly end: number };

export const DAY = 86_400_000;

/** The day that a time is in. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY);
}

/** A time as the usage endpoints write it, without a fraction. */
export function wholeSecond(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/**
 * The whole periods that the range touches. How the vendor aligns them is not documented; here they are UTC days, ISO
 * weeks and calendar months, and none is cut short at the ends of the range.
 */
export function periodsIn(granularity: Granularity, from: number, to: number): Period[] {
  const last = dayOf(to - 1);
  if (granularity === 'all') return [{ first: dayOf(from), end: last + 1 }];
  const periods: Period[] = [];
  for (let day = dayOf(from); day <= last;) {
    const period = periodAround(granularity, day);
    periods.push(period);
    day = period.end;
  }
  return periods;
}

function periodAround(granularity: 'daily' | 'weekly' | 'monthly', day: number): Period {
  if (granularity === 'daily') return { first: day, end: day + 1 };
  if (granularity === 'weekly') {
    // The first day of 1970 was a Thursday, the fourth of its week.
    const monday = Math.floor((day + 3) / 7) * 7 - 3;
    return { first: monday, end: monday + 7 };
  }
  const date = new Date(day * DAY);
  const month = (offset: number): number =>
    dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset));
  return { first: month(0), end: month(1) };
}
