import type { Millis, Window } from '../model.ts';
import { DAY, HOUR } from '../platform/time.ts';

/** Records up to this far outside the window being read are remembered too. */
export const MARGIN_MS = HOUR;

/**
 * Of which times the archived records are loaded, to tell what is new from what is known: of the window being read, and of any
 * other day from which the vendor serves something. Some vendors go by when they took an event in, whatever date it bears.
 */
export class KnownTimes {
  readonly #window: Window;
  readonly #days = new Set<Millis>();

  constructor({ place, to }: { place: Millis; to: Millis }) {
    this.#window = { from: place - MARGIN_MS, to: to + MARGIN_MS };
  }

  get window(): Window {
    return this.#window;
  }

  /** Adds the days of some times. @returns the windows that have to be loaded for them, oldest first */
  add(times: readonly Millis[]): Window[] {
    const { from, to } = this.#window;
    const days = new Set<Millis>();
    for (const time of times) {
      if (time >= from && time < to) continue;
      const day = Math.floor(time / DAY) * DAY;
      if (!this.#days.has(day)) days.add(day);
    }
    for (const day of days) this.#days.add(day);
    return joined([...days].toSorted((a, b) => a - b));
  }
}

function joined(days: readonly Millis[]): Window[] {
  const windows: Window[] = [];
  for (const day of days) {
    const last = windows.at(-1);
    if (last?.to === day) last.to = day + DAY;
    else windows.push({ from: day, to: day + DAY });
  }
  return windows;
}
