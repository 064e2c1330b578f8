/**
 * Where to go on in a log that is asked by time and read oldest first. Pure.
 *
 * Growing an offset makes the vendor walk all rows before it, and every row that comes or goes
 * meanwhile shifts the pages. So the start of the window moves instead: to the second of the last
 * row, which is then served again and shows that the pages join.
 */
import type { Millis } from '../../model.ts';

export const SECOND = 1000;

export function floorSecond(at: Millis): Millis {
  return Math.floor(at / SECOND) * SECOND;
}

/** What a page's times say about how the server treats what we asked. */
export type Shape =
  | { kind: 'empty' }
  | { kind: 'ascending'; last: Millis }
  | { kind: 'not-ascending' }
  | { kind: 'outside-window' }
  | { kind: 'without-times' };

/** @param times of the rows as served; null where a row has none */
export function shapeOf(
  times: readonly (Millis | null)[],
  window: { from: Millis; to: Millis },
): Shape {
  if (times.length === 0) return { kind: 'empty' };
  let last: Millis | null = null;
  let ascending = true;
  for (const time of times) {
    if (time === null) continue;
    if (time < window.from || time >= window.to) return { kind: 'outside-window' };
    if (last !== null && time < last) ascending = false;
    last = time;
  }
  if (last === null) return { kind: 'without-times' };
  return ascending ? { kind: 'ascending', last } : { kind: 'not-ascending' };
}

export type Step =
  /** Ask from the second of the last row; rows of that second must come again. */
  | { kind: 'move'; anchor: Millis }
  /** The page looks like the last one: ask whether anything follows it. */
  | { kind: 'check-end'; anchor: Millis }
  /** More rows in one second than fit on a page: read that second by offset. */
  | { kind: 'tie'; anchor: Millis };

/**
 * @param anchor where the page began, a whole second
 * @param last   time of its last row
 * @param full   whether the page held as many rows as the server gives at most
 */
export function nextStep(anchor: Millis, last: Millis, full: boolean): Step {
  const second = floorSecond(last);
  if (!full) return { kind: 'check-end', anchor: second };
  return second > anchor ? { kind: 'move', anchor: second } : { kind: 'tie', anchor };
}

/**
 * Length of the next slice of a log whose order cannot be relied upon, in ms.
 *
 * @param pages how many pages the last slice took, or 'too-large' if it was left
 */
export function nextSliceLength(length: Millis, pages: number | 'too-large'): Millis {
  if (pages === 'too-large') return Math.max(SECOND, floorSecond(length / 4));
  return pages <= 5 ? length * 2 : length;
}
