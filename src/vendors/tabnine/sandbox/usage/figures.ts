import { fraction, hash } from '../../../../sandbox/random.ts';
import { type Dataset, PARTS } from './parts.ts';

/** On so many of a hundred days a user does nothing at all. */
const IDLE_PERCENT = 30;
/** More than one day of any series draws. */
const DRAWS_PER_DAY = 256;
const SERIES_SEEDS: Readonly<Record<Dataset, number>> = { v1: 101, v2: 102, agent: 103 };

/** How many figures a user's day has. */
export function figureCount(dataset: Dataset): number {
  return PARTS[dataset].reduce((sum, { counters }) => sum + counters.length, 0);
}

/** The number that a user's figures are made from. It follows from the id, so that the place in the user list may change. */
export function userSeed(seed: number, userId: string): number {
  let mixed = seed;
  for (let place = 0; place < userId.length; place++) mixed = hash(mixed, userId.charCodeAt(place));
  return mixed;
}

/** Whether the user does anything on this day (days since 1970). The series agree about it. */
export function worksOn(user: number, day: number): boolean {
  return hash(user, day) % 100 >= IDLE_PERCENT;
}

/**
 * Adds the figures of one user's day, each multiplied by the factor and rounded. The figures of a model and the total of
 * all models stay in agreement, because totals are sums of these.
 */
export function addDay(
  into: Float64Array,
  dataset: Dataset,
  user: number,
  day: number,
  factor: number,
): void {
  if (!worksOn(user, day)) return;
  const seed = user + SERIES_SEEDS[dataset];
  let draw = day * DRAWS_PER_DAY;
  let place = 0;
  for (const { percent, counters } of PARTS[dataset]) {
    const used = hash(seed, draw++) % 100 < percent;
    let value = 0;
    for (const { most } of counters) {
      const share = fraction(seed, draw++);
      value = most === 'previous' ? Math.floor(share * (value + 1)) : 1 + Math.floor(share * most);
      if (used) into[place] = (into[place] ?? 0) + Math.round(value * factor);
      place += 1;
    }
  }
}
