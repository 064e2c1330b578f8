/** The rules of the chain: what must hold from one ledger line to the next. Pure. */
import type { SeqRange } from '../state/carried.ts';
import type { LedgerLine } from '../state/ledger-schema.ts';
import { ZERO_HASH, type Unsealed } from '../state/seal.ts';
import { rootOf } from '../state/merkle.ts';
import { union } from '../state/seq-ranges.ts';
import type { Head } from '../state/head.ts';
import { signatureFault } from '../state/signing.ts';

export type Signatures = {
  /** How many lines are signed. */
  lines: number;
  /** The first signed line. Earlier ones were written before there was a key, and are vouched for only since then. */
  from_seq: number | null;
  /** The last signed line. */
  up_to_seq: number | null;
  /** Whether signatures were checked against keys that the user trusts, and not only against the key that a line names. */
  trusted: boolean;
};

/** The segment before, as it is on disk. */
export type Previous = { file: string; sha256: string } | null;

/** What the first line of a segment must agree with. */
export type Opening = { segment: string; previous: Previous };

/**
 * Follows the ledger line by line. A line that cannot be read is one fault and not three: the next line is not compared
 * with it.
 */
export class Chain {
  home: string | null = null;
  seq = 0;
  pruned: SeqRange[] = [];
  readonly signatures: Signatures;
  readonly #trusted: readonly string[];
  /** Heads not met yet, by seq. */
  readonly #heads = new Map<number, Head[]>();
  /** The hash of the line before; null if it could not be read. */
  #prev: string | null = ZERO_HASH;
  /** Hashes that the next covering line must cover; null if an unreadable line is among them. */
  #uncovered: string[] | null = [];

  /** @param trusted public keys; if empty, a signature is checked against the key that its line names */
  constructor(trusted: readonly string[], heads: readonly Head[]) {
    this.#trusted = trusted;
    this.signatures = { lines: 0, from_seq: null, up_to_seq: null, trusted: trusted.length > 0 };
    for (const head of heads) {
      this.#heads.set(head.seq, [...(this.#heads.get(head.seq) ?? []), head]);
    }
  }

  /** Passes over a line that cannot be read. */
  skip(): void {
    this.#prev = null;
    this.#uncovered = null;
  }

  /**
   * @param opening for the first line of a segment; null for any other
   * @returns what is wrong with the line
   */
  next(unsealed: Unsealed, opening: Opening | null): string[] {
    const { line, sha256 } = unsealed;
    const faults = [
      ...this.#placeFaults(unsealed),
      ...(opening === null ? reopeningFaults(line) : openingFaults(line, opening)),
      ...this.#coverFaults(line),
      ...this.#signatureFaults(unsealed),
    ];
    this.#prev = sha256;
    this.seq = line.seq;
    if (line.kind === 'batch') this.#uncovered?.push(sha256);
    else this.#uncovered = [sha256];
    if (line.kind === 'open') this.pruned = union(this.pruned, line.pruned.seqs);
    if (line.kind === 'prune') this.pruned = union(this.pruned, line.seqs);
    return [...faults, ...this.#headFaults(line.seq, sha256)];
  }

  /** What is missing once the last line was read, above all lines that kept heads name. */
  end(): { seq: number; what: string }[] {
    const beyond = [...this.#heads.values()].flat().toSorted((a, b) => a.seq - b.seq);
    const faults = beyond.map(({ seq, at }) => ({
      seq,
      what: `the ledger ends with seq ${this.seq}, but a head of seq ${seq} (${at}) was kept: the end was cut off`,
    }));
    if (this.seq === 0) faults.push({ seq: 0, what: 'the ledger has no line' });
    if (this.signatures.trusted && this.signatures.lines === 0) {
      const what =
        'no line is signed, although keys are configured: if the key is new, the next run signs; if not, the ledger was replaced';
      faults.push({ seq: this.seq, what });
    }
    return faults;
  }

  #placeFaults({ line, prev }: Unsealed): string[] {
    if (this.#prev === null) {
      return line.seq > this.seq ? [] : [`the line has seq ${line.seq} after ${this.seq}`];
    }
    const expected = this.seq + 1;
    if (line.seq > expected) {
      const lost = line.seq - expected;
      return [`seq ${line.seq} follows ${this.seq}: ${lost} lines are missing before it`];
    }
    if (line.seq < expected) return [`the line has seq ${line.seq} where ${expected} was expected`];
    return prev === this.#prev ? [] : ['the line does not follow the line before it'];
  }

  #coverFaults(line: LedgerLine): string[] {
    if (line.kind === 'batch' || this.#uncovered === null) return [];
    return line.covers === rootOf(this.#uncovered)
      ? []
      : ['the line does not cover the lines before it'];
  }

  #signatureFaults({ line, sha256, signature }: Unsealed): string[] {
    if (line.kind === 'open') this.home ??= line.home;
    if (signature === null && this.signatures.from_seq === null) return [];
    const home = this.home ?? '';
    const fault = signatureFault({ home, seq: line.seq, sha256 }, signature, this.#trusted);
    if (fault !== null) return [`the line ${fault}`];
    this.signatures.lines += 1;
    this.signatures.from_seq ??= line.seq;
    this.signatures.up_to_seq = line.seq;
    return [];
  }

  /** Compares a line with the heads of it that were kept elsewhere. */
  #headFaults(seq: number, sha256: string): string[] {
    const heads = this.#heads.get(seq) ?? [];
    this.#heads.delete(seq);
    return heads.flatMap((head) => {
      if (head.home !== this.home) {
        return [`a head that was kept is of the home ${head.home}, this is ${this.home ?? 'none'}`];
      }
      if (head.sha256 === sha256) return [];
      return [`the line is not the one of the head that was kept: that had ${head.sha256}`];
    });
  }
}

function reopeningFaults(line: LedgerLine): string[] {
  return line.kind === 'open' ? ['a segment is opened twice'] : [];
}

function openingFaults(line: LedgerLine, { segment, previous }: Opening): string[] {
  if (line.kind !== 'open') return ['the segment does not begin with an opening line'];
  const faults = line.segment === segment ? [] : [`the segment calls itself ${line.segment}`];
  if (line.previous?.file !== previous?.file) {
    const named = line.previous?.file ?? 'none';
    faults.push(`the segment follows ${named}, but before it is ${previous?.file ?? 'none'}`);
  } else if (line.previous !== null && line.previous.sha256 !== previous?.sha256) {
    faults.push(`${line.previous.file} is not as it was when it was closed`);
  }
  return faults;
}
