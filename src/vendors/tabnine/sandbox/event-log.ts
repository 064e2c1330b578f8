import type { EventFacts, EventShape, EventSource } from './event-source.ts';
import { timeOfEventId } from './ids.ts';
import { factsOf } from './inserted-event.ts';
import { type Order, positionAt } from './order.ts';
import { TimeIndex } from '../../../sandbox/time-index.ts';

export type Selection = {
  from: number;
  to: number;
  order: Order;
  offset: number;
  limit: number;
  where?: ((facts: EventFacts) => boolean) | undefined;
};

type Inserted = { json: string; facts: EventFacts };

/**
 * The audit events in the order of their time. A generated event costs twelve bytes until it is served; one that was put
 * in keeps its exact text.
 */
export class EventLog {
  readonly #index: TimeIndex;
  readonly #source: EventSource;
  /** Events that were put in, by their negative reference. */
  readonly #inserted = new Map<number, Inserted>();
  readonly #insertedAt = new Map<string, number>();
  #lastReference = 0;

  constructor(times: Float64Array, source: EventSource) {
    this.#index = new TimeIndex(times);
    this.#source = source;
  }

  get count(): number {
    return this.#index.count;
  }

  /** The event times in epoch ms, ascending. A view that the next change makes stale. */
  get times(): Float64Array {
    return this.#index.times;
  }

  /** Adds an event, after those of the same instant. `{time, json}` is served verbatim, whatever its text is. */
  insert(event: object): void {
    const { time, json } = isVerbatim(event)
      ? event
      : { time: timeIn(event), json: JSON.stringify(event) };
    this.#index.insert(time, this.#keep(time, json));
  }

  /** Merges the change into the event; true if there is such an event. A new timestamp moves it. */
  replace(id: string, change: Readonly<Record<string, unknown>>): boolean {
    const slot = this.#find(id);
    if (slot < 0) return false;
    const event: object = { ...JSON.parse(this.text(slot)), ...change };
    const time = timeIn(event);
    const reference = this.#keep(time, JSON.stringify(event));
    if (time === this.#index.timeAt(slot)) {
      this.#index.setReference(slot, reference);
    } else {
      this.#index.remove(slot, slot + 1);
      this.#index.insert(time, reference);
    }
    return true;
  }

  /** Takes the event away; true if there was one. */
  remove(id: string): boolean {
    const slot = this.#find(id);
    if (slot < 0) return false;
    this.#index.remove(slot, slot + 1);
    return true;
  }

  /** What a retention period does: everything before the time is gone. Returns how many events that were. */
  removeBefore(time: number): number {
    const end = this.#index.firstFrom(time);
    this.#index.remove(0, end);
    return end;
  }

  /** The JSON texts of the events in `[from, to)`. */
  slice(from: number, to: number, order: Order, offset: number, limit: number): string[] {
    return this.select({ from, to, order, offset, limit }).slots.map((slot) => this.text(slot));
  }

  /** The ids of the events in `[from, to)` by time; events without one are left out. */
  ids(from = -Infinity, to = Infinity): string[] {
    const ids: string[] = [];
    const end = this.#index.firstFrom(to);
    for (let slot = this.#index.firstFrom(from); slot < end; slot++) {
      const id = this.#idAt(slot);
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  /** Where the events of one page stand, and how many there are on all pages. */
  select({ from, to, order, offset, limit, where }: Selection): { slots: number[]; total: number } {
    const first = this.#index.firstFrom(from);
    const range = Math.max(0, this.#index.firstFrom(to) - first);
    const matching = where && this.#matching(first, range, where);
    const total = matching?.length ?? range;
    const slots: number[] = [];
    for (let place = offset; place < Math.min(offset + limit, total); place++) {
      const position = positionAt(place, total, order);
      slots.push(matching?.[position] ?? first + position);
    }
    return { slots, total };
  }

  /** The text of the event at a place, as it is served. */
  text(slot: number, shape: EventShape = 'current'): string {
    const reference = this.#index.referenceAt(slot);
    if (reference >= 0) return this.#source.text(reference, this.#index.timeAt(slot), shape);
    return this.#insertedAs(reference).json;
  }

  /** What the filters see of the event at a place. */
  facts(slot: number): EventFacts {
    const reference = this.#index.referenceAt(slot);
    if (reference >= 0) return this.#source.facts(reference, this.#index.timeAt(slot));
    return this.#insertedAs(reference).facts;
  }

  #matching(first: number, range: number, where: (facts: EventFacts) => boolean): number[] {
    const slots: number[] = [];
    for (let slot = first; slot < first + range; slot++) {
      if (where(this.facts(slot))) slots.push(slot);
    }
    return slots;
  }

  #keep(time: number, json: string): number {
    const facts = factsOf(json);
    this.#lastReference -= 1;
    this.#inserted.set(this.#lastReference, { json, facts });
    if (facts.id !== undefined) this.#insertedAt.set(facts.id, time);
    return this.#lastReference;
  }

  #insertedAs(reference: number): Inserted {
    const event = this.#inserted.get(reference);
    if (event === undefined) throw new RangeError('no such event');
    return event;
  }

  #idAt(slot: number): string | undefined {
    const reference = this.#index.referenceAt(slot);
    if (reference >= 0) return this.#source.id(reference, this.#index.timeAt(slot));
    return this.#insertedAs(reference).facts.id;
  }

  /** An id says when its event was; among a million events only those of that instant are looked at. */
  #find(id: string): number {
    const time = this.#insertedAt.get(id) ?? timeOfEventId(id);
    let slot = this.#index.firstFrom(time);
    for (; slot < this.count && this.#index.timeAt(slot) === time; slot++) {
      if (this.#idAt(slot) === id) return slot;
    }
    return -1;
  }
}

function isVerbatim(event: object): event is { time: number; json: string } {
  return (
    'time' in event &&
    typeof event.time === 'number' &&
    'json' in event &&
    typeof event.json === 'string'
  );
}

function timeIn(event: object): number {
  const stated =
    'timestamp' in event ? event.timestamp : 'occurredAt' in event ? event.occurredAt : undefined;
  const time = Date.parse(String(stated));
  if (Number.isNaN(time)) {
    throw new TypeError('an event without a valid timestamp is put in as {time, json}');
  }
  return time;
}
