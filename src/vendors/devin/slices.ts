import type { Millis, OpenWindow, Window } from '../../model.ts';
import { DAY } from '../../platform/time.ts';

/** No agent of this kind is older: a first window begins at the beginning of time and is not asked for from there. */
const OLDEST: Millis = 3650 * DAY;

/** The rest of a window in slices that the vendor accepts. Pure. */
export function slicesOf({ place, to }: OpenWindow, length: Millis): Window[] {
  const slices: Window[] = [];
  for (let from = Math.max(place, to - OLDEST); from < to; from += length) {
    slices.push({ from, to: Math.min(to, from + length) });
  }
  return slices;
}
