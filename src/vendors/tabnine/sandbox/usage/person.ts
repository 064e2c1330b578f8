import type { User } from '../directory.ts';
import { addDay, userSeed, worksOn } from './figures.ts';
import type { Dataset } from './parts.ts';
import { type Period, dayOf } from './periods.ts';

/** A user as the figures see one. */
export type Person = {
  /** What the figures are made from. */
  readonly seed: number;
  /** The days on which there can be figures at all. */
  readonly present: Period;
};

/** The user between the first time that can have figures and the last. */
export function personOf(
  user: User,
  seed: number,
  registeredAt: number | undefined,
  within: Period,
): Person {
  const came = registeredAt === undefined ? within.first : dayOf(registeredAt);
  // The day of the deactivation still counts.
  const gone =
    user.deactivatedAt === null ? within.end : dayOf(Date.parse(user.deactivatedAt) - 1) + 1;
  return {
    seed: userSeed(seed, user.id),
    present: { first: Math.max(came, within.first), end: Math.min(gone, within.end) },
  };
}

/** Adds up what the person did in the period. */
export function addPeriod(
  into: Float64Array,
  dataset: Dataset,
  { seed, present }: Person,
  period: Period,
  factors: ReadonlyMap<number, number> | undefined,
): void {
  const end = Math.min(period.end, present.end);
  for (let day = Math.max(period.first, present.first); day < end; day++) {
    addDay(into, dataset, seed, day, factors?.get(day) ?? 1);
  }
}

/** Whether the person did anything in the period. */
export function workedIn({ seed, present }: Person, period: Period): boolean {
  const end = Math.min(period.end, present.end);
  for (let day = Math.max(period.first, present.first); day < end; day++) {
    if (worksOn(seed, day)) return true;
  }
  return false;
}
