const DAY = 86_400;

export type Granularity = 'day' | 'week' | 'month';

/** UTC days by number, the end excluded. */
export type Days = { readonly first: number; readonly end: number };

/** The days that a range of seconds touches. */
export function daysIn(after: number, before: number): Days {
  return { first: Math.floor(after / DAY), end: Math.ceil(before / DAY) };
}

/** The whole days, weeks from Monday or calendar months that a range touches, ascending, all in UTC. */
export function periodsIn(granularity: Granularity, after: number, before: number): Days[] {
  const periods: Days[] = [];
  if (after >= before) return periods;
  const { first, end } = daysIn(after, before);
  for (let day = beginOfPeriod(granularity, first); day < end;) {
    const next = nextPeriod(granularity, day);
    periods.push({ first: day, end: next });
    day = next;
  }
  return periods;
}

/** The first and the last second of a period. */
export function boundsOf({ first, end }: Days): { start_time: number; end_time: number } {
  return { start_time: first * DAY, end_time: end * DAY - 1 };
}

function beginOfPeriod(granularity: Granularity, day: number): number {
  // Day 0 was a Thursday, three days after a Monday.
  if (granularity === 'week') return day - ((((day + 3) % 7) + 7) % 7);
  if (granularity === 'day') return day;
  const date = new Date(day * DAY * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) / 1000 / DAY;
}

function nextPeriod(granularity: Granularity, day: number): number {
  if (granularity === 'day') return day + 1;
  if (granularity === 'week') return day + 7;
  const date = new Date(day * DAY * 1000);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / 1000 / DAY;
}
