import type { Query } from '../../extract/client.ts';
import type { Quirk } from '../../model.ts';
import { isRejected } from './client.ts';

/** A way to ask, and what it means if only this one is taken. */
export type Variant = { query: Query; quirk: Quirk | null };

/**
 * Asks in the first way that the vendor takes: it refuses a request with a dimension or a number of rows that it does not
 * know yet, or no longer. Which way that is holds for the rest of the reading.
 */
export class Variants {
  readonly #variants: readonly Variant[];
  readonly #quirk: (quirk: Quirk) => void;
  #taken = 0;
  #isKnown = false;

  constructor(variants: readonly Variant[], quirk: (quirk: Quirk) => void) {
    this.#variants = variants;
    this.#quirk = quirk;
  }

  async ask<T>(send: (query: Query) => Promise<T>): Promise<T> {
    for (let first: unknown = null; ;) {
      const variant = this.#variants[this.#taken];
      if (variant === undefined) throw first;
      try {
        const answer = await send(variant.query);
        this.#isKnown = true;
        if (variant.quirk !== null) this.#quirk(variant.quirk);
        return answer;
      } catch (error) {
        // The last way is no better than the first, whose error says more.
        if (this.#isKnown || !isRejected(error)) throw error;
        first ??= error;
        this.#taken += 1;
      }
    }
  }
}
