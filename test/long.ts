/**
 * What gets its worth from number, variety or length. `npm test` runs so much of it that every behaviour is shown once, `npm run test:long`
 * all. A file that is nothing but such a soak is named `*.long.test.ts`.
 */
import { test } from 'vitest';

export const isLong = process.env['AUDITLAKE_TEST_LONG'] === '1';

/** A test that `npm test` skips. */
export const long = test.runIf(isLong);

/** All of the cases, or the first few, which have to be the ones that tell most. */
export function few<T>(count: number, cases: readonly T[]): readonly T[] {
  return isLong ? cases : cases.slice(0, count);
}

/** `whole` tries, or a tenth of them; or a smaller share of those that take long. */
export function tries(whole: number, share = 10): number {
  return isLong ? whole : Math.ceil(whole / share);
}

/** Every one of `places`, or every tenth (or `step`th) beginning at `first`, the last one always among them. */
export function placesTried(places: number, first = 0, step = 10): number[] {
  const stride = isLong ? 1 : step;
  const all = Array.from({ length: places }, (_, place) => place);
  return all.filter((place) => place % stride === first % stride || place === places - 1);
}
