import type { PartEnd, PartReason, PartsResult } from '../model.ts';

/** The parts of a stream that ended without their records in one run. */
export class EndedParts {
  readonly #unavailable = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #reasons = new Map<string, PartReason>();

  add({ part, ended, reason }: PartEnd): void {
    const parts = ended === 'gone' ? this.#gone : this.#unavailable;
    // A part may be asked for in several windows of a run.
    if (parts.has(part)) return;
    parts.add(part);
    const group = `${ended} ${reason.code}`;
    const found = this.#reasons.get(group);
    if (found === undefined) this.#reasons.set(group, { ended, parts: 1, first: part, ...reason });
    else found.parts += 1;
  }

  /** How many ended and why: one reason per code, in the words of the first part that had it. Null if none ended. */
  get result(): PartsResult | null {
    if (this.#reasons.size === 0) return null;
    return {
      unavailable: this.#unavailable.size,
      gone: this.#gone.size,
      reasons: [...this.#reasons.values()],
    };
  }

  /** Whether a record is of a part that was unavailable, so that nothing is known of it now. */
  hides(key: string, context: Readonly<Record<string, string>> | undefined): boolean {
    if (this.#unavailable.size === 0) return false;
    if (this.#unavailable.has(key)) return true;
    // Ids may contain slashes: every beginning of the key that ends before one may be the part.
    for (let end = key.indexOf('/'); end >= 0; end = key.indexOf('/', end + 1)) {
      if (this.#unavailable.has(key.slice(0, end))) return true;
    }
    return Object.values(context ?? {}).some((value) => this.#unavailable.has(value));
  }
}
