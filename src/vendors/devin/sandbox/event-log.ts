import { TimeIndex } from '../../../sandbox/time-index.ts';
import type { AuditEvent, EventFacts, GeneratedEvents } from './generated-events.ts';
import { indexOfAuditLogId } from './ids.ts';
import { factsOf, inUnit, textOf, timeIn } from './inserted-event.ts';

/** Served verbatim, whatever its text is. The time is in seconds. */
type Verbatim = { time: number; json: string };

export type Selection = {
  /** Whole seconds, both inclusive. */
  from: number;
  to: number;
  order: 'asc' | 'desc';
  first: number;
  /** Where the last page ended: the time and the sequence number of its last event. */
  after?: readonly [time: number, sequence: number] | undefined;
  /** What the events must be like, with a name: the same name stands for the same filter. */
  filter?: { readonly name: string; readonly keeps: (facts: EventFacts) => boolean } | undefined;
};

type Kept = { readonly time: number; readonly json: string; readonly facts: EventFacts };

/**
 * The audit events by their time, those of one second in the order in which they came. A generated event costs a few bytes
 * until it is served. A page is found from the event before it, so that a million events cost as much as a hundred.
 */
export class EventLog {
  readonly #index: TimeIndex;
  readonly #source: GeneratedEvents;
  readonly #seed: number;
  readonly #generatedTimes: Float64Array;
  /** Events that were put in or changed, by their sequence number. */
  readonly #kept = new Map<number, Kept>();
  readonly #keptById = new Map<string, number>();
  #nextSequence: number;
  /** The slots of the last filter, good until the log changes. */
  #matches: { name: string; slots: number[] } | undefined;

  constructor(times: Float64Array, source: GeneratedEvents, seed: number) {
    this.#generatedTimes = Float64Array.from(times);
    this.#index = new TimeIndex(times);
    this.#source = source;
    this.#seed = seed;
    this.#nextSequence = times.length;
  }

  get count(): number {
    return this.#index.count;
  }

  /** Every event as it is served while `created_at` is in seconds, by time; an event that is not JSON is left out. */
  all(): AuditEvent[] {
    const events: AuditEvent[] = [];
    for (let slot = 0; slot < this.count; slot++) {
      try {
        events.push(JSON.parse(this.text(slot)));
      } catch {
        continue;
      }
    }
    return events;
  }

  /** Adds an event, after those of the same second: in the past, it is one that came late. `{time, json}` is served verbatim. */
  add(event: Partial<AuditEvent> | Verbatim): void {
    const { time, json } = 'json' in event ? event : { time: timeIn(event), json: textOf(event) };
    this.#insert(time, this.#nextSequence, json);
    this.#nextSequence += 1;
  }

  /** Merges the change into the event; true if there is one. A new `created_at` moves it. */
  change(id: string, change: Partial<AuditEvent>): boolean {
    const slot = this.#find(id);
    if (slot < 0) return false;
    const sequence = this.#index.referenceAt(slot);
    const before = this.#index.timeAt(slot);
    const event: object = { ...JSON.parse(this.text(slot)), ...change };
    const time = timeIn(event);
    this.#index.remove(slot, slot + 1);
    this.#keptById.delete(id);
    this.#insert(time, time === before ? sequence : this.#nextSequence++, JSON.stringify(event));
    return true;
  }

  /** Takes the event away; true if there was one. */
  remove(id: string): boolean {
    const slot = this.#find(id);
    if (slot < 0) return false;
    this.#index.remove(slot, slot + 1);
    this.#matches = undefined;
    return true;
  }

  /** What a retention period does: everything before the second is gone. Returns how many events that were. */
  removeBefore(time: number): number {
    const end = this.#index.firstFrom(time);
    this.#index.remove(0, end);
    this.#matches = undefined;
    return end;
  }

  /** The slots of one page, how many events there are on all pages, and whether there is a page after this. */
  select({ from, to, order, first, after, filter }: Selection): {
    slots: number[];
    total: number;
    more: boolean;
  } {
    const matching = filter && this.#matching(filter);
    const placeOf = (slot: number): number =>
      matching === undefined ? slot : firstNotBelow(matching, slot);
    const low = placeOf(this.#index.firstFrom(from));
    const high = Math.max(low, placeOf(this.#index.firstFrom(to + 1)));
    const slots: number[] = [];
    const ascending = order === 'asc';
    let place = ascending ? low : high - 1;
    if (after !== undefined) {
      const slot = this.#slotAfter(after);
      place = ascending
        ? Math.max(low, placeOf(slot))
        : Math.min(high, placeOf(this.#slotOf(after))) - 1;
    }
    const step = ascending ? 1 : -1;
    for (; place >= low && place < high && slots.length < first; place += step) {
      slots.push(matching === undefined ? place : (matching[place] ?? 0));
    }
    return { slots, total: high - low, more: place >= low && place < high };
  }

  /** What a cursor says of the event at a slot. */
  positionOf(slot: number): readonly [time: number, sequence: number] {
    return [this.#index.timeAt(slot), this.#index.referenceAt(slot)];
  }

  /** The text of the event at a slot, as it is served. */
  text(slot: number, createdAtFactor = 1): string {
    const sequence = this.#index.referenceAt(slot);
    const kept = this.#kept.get(sequence);
    if (kept !== undefined && createdAtFactor === 1) return kept.json;
    const time = this.#index.timeAt(slot);
    if (kept !== undefined) return inUnit(kept.json, time * createdAtFactor);
    const event = this.#source.event(sequence, time);
    return JSON.stringify({ ...event, created_at: time * createdAtFactor });
  }

  #insert(time: number, sequence: number, json: string): void {
    const facts = factsOf(json);
    this.#kept.set(sequence, { time, json, facts });
    if (facts.id !== undefined) this.#keptById.set(facts.id, sequence);
    this.#index.insert(time, sequence, this.#slotOf([time, sequence]));
    this.#matches = undefined;
  }

  /** The first slot that is not before a position. */
  #slotOf([time, sequence]: readonly [number, number]): number {
    const end = this.#index.firstFrom(time + 1);
    let slot = this.#index.firstFrom(time);
    while (slot < end && this.#index.referenceAt(slot) < sequence) slot += 1;
    return slot;
  }

  #slotAfter([time, sequence]: readonly [number, number]): number {
    return this.#slotOf([time, sequence + 1]);
  }

  #matching({ name, keeps }: NonNullable<Selection['filter']>): readonly number[] {
    if (this.#matches?.name === name) return this.#matches.slots;
    const slots: number[] = [];
    for (let slot = 0; slot < this.count; slot++) {
      const sequence = this.#index.referenceAt(slot);
      if (keeps(this.#kept.get(sequence)?.facts ?? this.#source.facts(sequence))) slots.push(slot);
    }
    this.#matches = { name, slots };
    return slots;
  }

  #find(id: string): number {
    const sequence = this.#keptById.get(id) ?? indexOfAuditLogId(this.#seed, id);
    const time = this.#kept.get(sequence)?.time ?? this.#generatedTimes[sequence];
    if (time === undefined) return -1;
    const slot = this.#slotOf([time, sequence]);
    if (slot >= this.count || this.#index.referenceAt(slot) !== sequence) return -1;
    const found: Partial<AuditEvent> = JSON.parse(this.text(slot));
    return found.audit_log_id === id ? slot : -1;
  }
}

/** The first place in an ascending list whose value is not below the given one. */
function firstNotBelow(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}
