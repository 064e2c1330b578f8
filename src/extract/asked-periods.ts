import type { Millis, Period, Window } from '../model.ts';

/**
 * Of the periods in an answer those that were asked for. What the bounds mean is not documented, so that the periods next to
 * them belong to the neighbouring questions. An answer that has none of the asked ones has odd dates: all of it is kept.
 * Any other that reaches back further is a whole history, of which only the range is wanted. Pure.
 */
export function askedPeriods<Dated extends { time: Millis | null }>(
  periods: readonly Dated[],
  { from, to }: Window,
  period: Period,
): Dated[] {
  const isInside = (time: Millis): boolean => time >= from && time < to;
  const hasAny = periods.some(({ time }) => time !== null && isInside(time));
  return periods.filter(({ time }) => {
    if (time === null || isInside(time)) return true;
    if (time < from) return !hasAny && time < period.floor(from - 1);
    return time >= period.next(period.floor(to));
  });
}
