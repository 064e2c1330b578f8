import type { Millis, OpenWindow, Window } from '../../model.ts';
import { DAY } from '../../platform/time.ts';

/** The API has nothing older than ten years. A first window begins in 1970: asking from there would be hundreds of empty requests. */
const OLDEST: Millis = 3650 * DAY;

/** The rest of a window in slices that the vendor accepts. Pure. */
export function slicesOf({ place, to }: OpenWindow, length: Millis): Window[] {
  const slices: Window[] = [];
  for (let from = Math.max(place, to - OLDEST); from < to; from += length) {
    slices.push({ from, to: Math.min(to, from + length) });
  }
  return slices;
}
