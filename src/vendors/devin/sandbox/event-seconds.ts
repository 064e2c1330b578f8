import { eventTimes } from '../../../sandbox/event-times.ts';

/** So many events share one second in the middle of the history: more than the largest page can hold. */
const BURST = 250;

/** The times of a history's events in whole seconds, ascending. */
export function eventSeconds(
  count: number,
  start: number,
  end: number,
  seed: number,
): Float64Array {
  const times = eventTimes(count, start * 1000, end * 1000, seed).map((time) =>
    Math.floor(time / 1000),
  );
  const first = Math.floor(count / 2);
  return times.fill(times[first] ?? 0, first, first + Math.min(BURST, Math.floor(count / 4)));
}
