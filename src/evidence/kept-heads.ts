import type { Head } from '../state/head.ts';

/** Compares a ledger with heads of it that were kept elsewhere. */
export class KeptHeads {
  /** Those not met yet, by seq. */
  readonly #heads = new Map<number, Head[]>();

  constructor(heads: readonly Head[]) {
    for (const head of heads) {
      this.#heads.set(head.seq, [...(this.#heads.get(head.seq) ?? []), head]);
    }
  }

  /** @returns what is wrong with a line, according to the heads that name it */
  meet({ home, seq, sha256 }: { home: string | null; seq: number; sha256: string }): string[] {
    const heads = this.#heads.get(seq) ?? [];
    this.#heads.delete(seq);
    return heads.flatMap((head) => {
      if (head.home !== home) {
        return [`a head that was kept is of the home ${head.home}, this is ${home ?? 'none'}`];
      }
      if (head.sha256 === sha256) return [];
      return [`the line is not the one of the head that was kept: that had ${head.sha256}`];
    });
  }

  /** Once the last line was read: all lines that heads name and that were not met. */
  missing(last: number): { seq: number; what: string }[] {
    const beyond = [...this.#heads.values()].flat().toSorted((a, b) => a.seq - b.seq);
    return beyond.map(({ seq, at }) => ({
      seq,
      what: `the ledger ends with seq ${last}, but a head of seq ${seq} (${at}) was kept: the end was cut off`,
    }));
  }
}
