/** How far back a log goes that nobody says anything about, and that answers for thirty days at a time. */
import type { Millis, Window } from '../../model.ts';
import { LONGEST } from './level.ts';

/** Months without an event do not mean that there are none before them; as many in a row do. */
const EMPTY_IN_A_ROW = 3;

/** Ten years: what is older was not recorded by a tool of this kind. */
const MOST = 122;

/** The window of thirty days that ends so many of them before `to`. */
function windowAt(place: number, to: Millis): Window {
  return { from: to - (place + 1) * LONGEST, to: to - place * LONGEST };
}

/** The beginning of the oldest thirty days of a window that have events; its end if none have. Asks window by window, so that no gap hides what lies before it. */
export async function beginningOf(
  has: (window: Window) => Promise<boolean>,
  { from, to }: Window,
): Promise<Millis> {
  let beginning = to;
  for (let place = 0, empty = 0; place < MOST && empty < EMPTY_IN_A_ROW; place += 1) {
    const window = windowAt(place, to);
    if (window.to <= from) break;
    const isEmpty = !(await has(window));
    empty = isEmpty ? empty + 1 : 0;
    if (!isEmpty) beginning = window.from;
  }
  return beginning;
}

/**
 * The oldest window that has events, for a measurement that is made every day: it takes some ten questions, however long the
 * log is, and relies on there being events in every one of them. Null if the newest has none.
 */
export async function oldestWindow(
  has: (window: Window) => Promise<boolean>,
  now: Millis,
): Promise<Window | null> {
  if (!(await has(windowAt(0, now)))) return null;
  let inside = 0;
  let outside = 1;
  while (outside < MOST && (await has(windowAt(outside, now)))) {
    inside = outside;
    outside *= 2;
  }
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (await has(windowAt(middle, now))) inside = middle;
    else outside = middle;
  }
  return windowAt(inside, now);
}
