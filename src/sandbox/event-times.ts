import { fraction, hash } from './random.ts';

const HOUR = 3_600_000;
/** How busy each UTC hour of a working day is. */
const RHYTHM = [1, 1, 1, 1, 1, 2, 4, 9, 16, 20, 19, 16, 13, 17, 20, 18, 13, 8, 5, 4, 3, 2, 2, 1];
const WEEKEND_SHARE = 0.15;
/** One in this many events shares the millisecond of the event before it. */
const TIE_EVERY = 64;

/**
 * The times of `count` events in `[start, end)`, ascending, busy by day and quiet by night.
 * Each event takes its own share of the total activity, so that no sorting is needed.
 */
export function eventTimes(count: number, start: number, end: number, seed: number): Float64Array {
  const times = new Float64Array(count);
  const activity = Array.from({ length: Math.ceil((end - start) / HOUR) }, (_, hour) =>
    busyness(start + hour * HOUR),
  );
  const total = activity.reduce((sum, hour) => sum + hour, 0);
  let hour = 0;
  let before = 0;
  let last = start;
  for (let index = 0; index < count; index++) {
    const target = ((index + fraction(seed, index)) / count) * total;
    while (hour < activity.length - 1 && before + (activity[hour] ?? 0) < target) {
      before += activity[hour] ?? 0;
      hour += 1;
    }
    const tied = index > 0 && hash(seed + 1, index) % TIE_EVERY === 0;
    const time = Math.floor(start + (hour + (target - before) / (activity[hour] ?? 1)) * HOUR);
    last = tied ? last : Math.min(time, end - 1);
    times[index] = last;
  }
  return times;
}

function busyness(time: number): number {
  const date = new Date(time);
  const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
  return (RHYTHM[date.getUTCHours()] ?? 1) * (weekend ? WEEKEND_SHARE : 1);
}
