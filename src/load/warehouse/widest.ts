import type { BatchRef } from '../../model.ts';
import { VECTOR_ROWS } from '../memory.ts';

/** Measures, batch by batch in their order, what a vector of records takes at most: whoever reads the tables has one in hand. */
export class Widest {
  #bytes: number;
  /** Records since the last full vector. */
  #rows = 0;
  #open = 0;

  /** @param known what was found for the records that came before */
  constructor(known: number) {
    this.#bytes = known;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add({ records, size, longestLine }: Pick<BatchRef, 'records' | 'size' | 'longestLine'>): void {
    this.#rows += records;
    this.#open += Math.min(size, VECTOR_ROWS * longestLine);
    this.#bytes = Math.max(this.#bytes, this.#open);
    if (this.#rows < VECTOR_ROWS) return;
    this.#rows = 0;
    this.#open = 0;
  }
}
