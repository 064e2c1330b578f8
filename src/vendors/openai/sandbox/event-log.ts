/** An audit event as it is served, with its details under a property that is named like its type. */
export type AuditEvent = {
  id: string;
  type: string;
  /** In seconds. */
  effective_at: number;
  [detail: string]: unknown;
};

type Kept = { readonly id: string; readonly time: number; readonly place: number; text: string };

/** One half of the log, by time; events of one second in the order in which they came. */
export class EventLog {
  /** Oldest first. */
  readonly #events: Kept[] = [];
  /** Of every event that ever was: a cursor to one that is gone still has its place. */
  readonly #places = new Map<string, Kept>();
  #next = 0;

  get count(): number {
    return this.#events.length;
  }

  add(event: AuditEvent): void {
    const text = JSON.stringify({ object: 'organization.audit_log', ...event });
    const kept = { id: event.id, time: event.effective_at, place: this.#next++, text };
    this.#places.set(kept.id, kept);
    this.#events.splice(this.#firstAfter(kept), 0, kept);
  }

  /** True if there was one. */
  remove(id: string): boolean {
    const kept = this.#places.get(id);
    const slot = kept === undefined ? -1 : this.#events.indexOf(kept);
    if (slot >= 0) this.#events.splice(slot, 1);
    return slot >= 0;
  }

  all(): AuditEvent[] {
    return this.#events.map(({ text }) => JSON.parse(text) as AuditEvent);
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  /**
   * The newest first of `[from, to)`: those older than `olderThan`, or the ones right before `newerThan`.
   *
   * @returns also whether there are more of them on that side
   */
  page(
    { from, to }: { from: number; to: number },
    limit: number,
    side: { olderThan?: string; newerThan?: string },
  ): { texts: string[]; ids: string[]; more: boolean } {
    const low = this.#firstAt(from);
    const high = this.#firstAt(to);
    const older = this.#placed(side.olderThan);
    const newer = this.#placed(side.newerThan);
    const end = older === undefined ? high : Math.min(high, this.#firstNotBefore(older));
    const start = newer === undefined ? low : Math.max(low, this.#firstAfter(newer));
    const found =
      newer === undefined
        ? this.#events.slice(Math.max(start, end - limit), Math.max(start, end))
        : this.#events.slice(start, Math.min(end, start + limit));
    return {
      texts: found.map(({ text }) => text).toReversed(),
      ids: found.map(({ id }) => id).toReversed(),
      more: end - start > found.length,
    };
  }

  #placed(id: string | undefined): Kept | undefined {
    return id === undefined ? undefined : this.#places.get(id);
  }

  #firstAt(time: number): number {
    return this.#firstWhere((kept) => kept.time >= time);
  }

  #firstAfter(at: Kept): number {
    return this.#firstWhere((kept) => compare(kept, at) > 0);
  }

  #firstNotBefore(at: Kept): number {
    return this.#firstWhere((kept) => compare(kept, at) >= 0);
  }

  #firstWhere(reached: (kept: Kept) => boolean): number {
    let [low, high] = [0, this.#events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const kept = this.#events[middle];
      if (kept === undefined || reached(kept)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function compare(a: Kept, b: Kept): number {
  return a.time - b.time || a.place - b.place;
}
