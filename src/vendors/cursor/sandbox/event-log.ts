import { TimeIndex } from '../../../sandbox/time-index.ts';

/** An audit event as it is served. */
export type AuditEvent = { event_id: string; timestamp: string } & Record<string, unknown>;

/** The audit events in the order of their time: those of the past are made when they are served, others were put in. */
export class EventLog {
  readonly #index: TimeIndex;
  readonly #made: (index: number, at: number) => AuditEvent;
  /** By their negative reference. */
  readonly #inserted = new Map<number, AuditEvent>();
  #last = 0;

  constructor(times: Float64Array, made: (index: number, at: number) => AuditEvent) {
    this.#index = new TimeIndex(times);
    this.#made = made;
  }

  get count(): number {
    return this.#index.count;
  }

  insert(event: AuditEvent): void {
    this.#last -= 1;
    this.#inserted.set(this.#last, event);
    this.#index.insert(Date.parse(event.timestamp), this.#last);
  }

  /** Takes an event away that was put in; true if there was one. */
  remove(id: string): boolean {
    for (let slot = 0; slot < this.count; slot += 1) {
      const reference = this.#index.referenceAt(slot);
      if (reference >= 0 || this.#inserted.get(reference)?.event_id !== id) continue;
      this.#index.remove(slot, slot + 1);
      return true;
    }
    return false;
  }

  /** The events in `[from, to)`, by their places. */
  slots(from: number, to: number): { first: number; count: number } {
    const first = this.#index.firstFrom(from);
    return { first, count: Math.max(0, this.#index.firstFrom(to) - first) };
  }

  at(slot: number): AuditEvent {
    const reference = this.#index.referenceAt(slot);
    if (reference >= 0) return this.#made(reference, this.#index.timeAt(slot));
    const event = this.#inserted.get(reference);
    if (event === undefined) throw new RangeError('no such event');
    return event;
  }

  /** Of all events, for tests. */
  ids(): string[] {
    return Array.from({ length: this.count }, (_, slot) => this.at(slot).event_id);
  }
}
