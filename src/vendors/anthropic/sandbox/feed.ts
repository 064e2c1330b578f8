import type { Activity } from './activities.ts';

/** An activity that is served as it is; or one that is made when it is. */
type Entry = { time: number; id: string; text: string | null; place: number };

export type Selection = {
  from: number;
  to: number;
  limit: number;
  order: 'asc' | 'desc';
  after: Position | null;
  before: Position | null;
};

export type Position = { time: number; id: string };

/** Activities by time, and those of one time by their ids. One that a test puts into the past is one that came late. */
export class Feed {
  /** Ascending. */
  readonly #entries: Entry[];
  readonly #make: (place: number, time: number) => Activity;

  constructor(
    times: Float64Array,
    idAt: (place: number) => string,
    make: (place: number, time: number) => Activity,
  ) {
    this.#make = make;
    this.#entries = Array.from(times, (time, place) => ({
      time,
      id: idAt(place),
      text: null,
      place,
    }));
    this.#entries.sort(byPosition);
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Every activity as it is served, oldest first. */
  all(): Activity[] {
    return this.#entries.map((entry) => JSON.parse(this.textOf(entry)) as Activity);
  }

  add(activity: Activity): void {
    const entry = {
      time: Date.parse(activity.created_at),
      id: activity.id,
      text: JSON.stringify(activity),
      place: -1,
    };
    this.#entries.splice(this.#firstNotBefore(entry), 0, entry);
  }

  remove(id: string): boolean {
    const place = this.#entries.findIndex((entry) => entry.id === id);
    if (place >= 0) this.#entries.splice(place, 1);
    return place >= 0;
  }

  positionOf(id: string): Position | null {
    const found = this.#entries.find((entry) => entry.id === id);
    return found === undefined ? null : { time: found.time, id };
  }

  /** One page, in the order of the answer, and whether there is more in the direction in which it was asked. */
  select({ from, to, limit, order, after, before }: Selection): {
    entries: Entry[];
    more: boolean;
  } {
    const isUp = order === 'asc';
    // `after` goes on in the order of the answer: to what is older where the newest comes first.
    const [older, newer] = isUp ? [before, after] : [after, before];
    const low = Math.max(this.#firstFrom(from), newer === null ? 0 : this.#firstAfter(newer));
    const high = Math.min(
      this.#firstFrom(to),
      older === null ? this.count : this.#firstNotBefore(older),
    );
    const isFromLow = newer !== null || (isUp && older === null);
    const found = isFromLow
      ? this.#entries.slice(low, Math.min(high, low + limit))
      : this.#entries.slice(Math.max(low, high - limit), Math.max(low, high));
    const more = Math.max(0, high - low) > found.length;
    return { entries: isUp ? found : found.toReversed(), more };
  }

  textOf({ text, place, time }: Entry): string {
    return text ?? JSON.stringify(this.#make(place, time));
  }

  #firstFrom(time: number): number {
    return this.#firstNotBefore({ time, id: '' });
  }

  #firstNotBefore(at: Position): number {
    return this.#firstWhere((entry) => byPosition(entry, at) >= 0);
  }

  #firstAfter(at: Position): number {
    return this.#firstWhere((entry) => byPosition(entry, at) > 0);
  }

  #firstWhere(reached: (entry: Entry) => boolean): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry !== undefined && reached(entry)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function byPosition(one: Position, other: Position): number {
  if (one.time !== other.time) return one.time - other.time;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}
