/** An audit event as it is served: whatever its action says, and these. */
export type AuditEvent = {
  _document_id: string;
  '@timestamp': number;
  action: string;
  [field: string]: unknown;
};

/** Events in the order of time and id. All of it may be changed while it is being read. */
export class EventLog {
  readonly #events: AuditEvent[];

  constructor(events: AuditEvent[]) {
    this.#events = events.toSorted(compare);
  }

  all(): readonly AuditEvent[] {
    return this.#events;
  }

  add(event: AuditEvent): void {
    this.#events.splice(this.#firstFrom(event['@timestamp'], event['_document_id']), 0, event);
  }

  remove(id: string): void {
    const place = this.#events.findIndex((event) => event['_document_id'] === id);
    if (place >= 0) this.#events.splice(place, 1);
  }

  /** Those of a time, both bounds included. */
  between(from: number, to: number): AuditEvent[] {
    return this.#events.slice(this.#firstFrom(from, ''), this.#firstFrom(to + 1, ''));
  }

  #firstFrom(time: number, id: string): number {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.#events[middle];
      if (event !== undefined && compare(event, { time, id }) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

type Position = AuditEvent | { time: number; id: string };

/** Ascending by time and then by id, as the cursor has them. */
export function compare(one: Position, other: Position): number {
  const [a, b] = [positionOf(one), positionOf(other)];
  if (a.time !== b.time) return a.time - b.time;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function positionOf(of: Position): { time: number; id: string } {
  return isEvent(of) ? { time: of['@timestamp'], id: of['_document_id'] } : of;
}

function isEvent(of: Position): of is AuditEvent {
  return '@timestamp' in of;
}
