import type { Millis, PartEnd, PartReason, PartsResult } from '../model.ts';

/** The parts of a stream that ended without their records in one run. */
export class EndedParts {
  readonly #ended: Readonly<Record<PartEnd['ended'], Set<string>>> = {
    unavailable: new Set(),
    gone: new Set(),
    awaited: new Set(),
  };
  readonly #reasons = new Map<string, PartReason>();
  #awaitedFrom: Millis = Number.POSITIVE_INFINITY;

  add({ part, ended, reason, from }: PartEnd): void {
    if (from !== undefined) this.#awaitedFrom = Math.min(this.#awaitedFrom, from);
    const parts = this.#ended[ended];
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
    const { unavailable, gone, awaited } = this.#ended;
    return {
      unavailable: unavailable.size,
      gone: gone.size,
      ...(awaited.size === 0 ? {} : { awaited: awaited.size }),
      reasons: [...this.#reasons.values()],
    };
  }

  /** When the first period begins that the vendor has yet to report on; infinite if it awaits none. */
  get awaitedFrom(): Millis {
    return this.#awaitedFrom;
  }

  /** Whether a record is of a part of which nothing is known now. */
  hides(key: string, context: Readonly<Record<string, string>> | undefined): boolean {
    const { unavailable, awaited } = this.#ended;
    if (unavailable.size === 0 && awaited.size === 0) return false;
    const isHidden = (part: string): boolean => unavailable.has(part) || awaited.has(part);
    if (isHidden(key)) return true;
    // Ids may contain slashes: every beginning of the key that ends before one may be the part.
    for (let end = key.indexOf('/'); end >= 0; end = key.indexOf('/', end + 1)) {
      if (isHidden(key.slice(0, end))) return true;
    }
    return Object.values(context ?? {}).some(isHidden);
  }
}
