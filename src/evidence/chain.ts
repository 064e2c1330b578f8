/** The rules of the chain: what must hold from one ledger line to the next. Reads no file. */
import { type LedgerLine, NO_LINE, type SeqRange, type Unsealed } from '../state/ledger-line.ts';
import { rootOf } from '../state/merkle.ts';
import { union } from '../state/seq-ranges.ts';
import type { Head } from '../state/head.ts';
import { signatureFault } from '../state/signing.ts';

export type Signatures = {
  /** Lines that are signed, and the seq of the last of them. */
  lines: number;
  /** The first of them: what comes before it was written before there was a key, and is vouched for since then only. */
  from_seq: number | null;
  up_to_seq: number | null;
  /** Whether they were compared with keys that the user trusts, and not only with the key that they name. */
  trusted: boolean;
};

/** The segment before, as it lies there. */
export type Previous = { file: string; sha256: string } | null;

/**
 * Goes along the ledger. A line that is broken in itself is one fault and not three: the next one is then not compared with it.
 */
export class Chain {
  home: string | null = null;
  seq = 0;
  pruned: SeqRange[] = [];
  readonly signatures: Signatures;
  readonly #trusted: readonly string[];
  readonly #heads = new Map<number, Head[]>();
  #prev: string | null = NO_LINE;
  /** Null while a broken line lies among them. */
  #uncovered: string[] | null = [];

  /** @param trusted public keys; none: a signature is compared with the key that it names */
  constructor(trusted: readonly string[], heads: readonly Head[]) {
    this.#trusted = trusted;
    this.signatures = { lines: 0, from_seq: null, up_to_seq: null, trusted: trusted.length > 0 };
    for (const head of heads) {
      this.#heads.set(head.seq, [...(this.#heads.get(head.seq) ?? []), head]);
    }
  }

  /** A line that cannot be read. */
  broken(): void {
    this.#prev = null;
    this.#uncovered = null;
  }

  /**
   * @param opens whether it is the first of its segment, and of which one
   * @returns what is wrong with it
   */
  next(unsealed: Unsealed, opens: { segment: string; previous: Previous } | null): string[] {
    const { line, sha256 } = unsealed;
    const faults = [
      ...this.#place(unsealed),
      ...(opens === null ? notOpening(line) : opening(line, opens)),
      ...this.#cover(line),
      ...this.#signature(unsealed),
    ];
    this.#prev = sha256;
    this.seq = line.seq;
    if (line.kind === 'batch') this.#uncovered?.push(sha256);
    else this.#uncovered = [sha256];
    if (line.kind === 'open') this.pruned = union(this.pruned, line.pruned.seqs);
    if (line.kind === 'prune') this.pruned = union(this.pruned, line.seqs);
    return [...faults, ...this.#kept(line.seq, sha256)];
  }

  /** Heads that were kept elsewhere and speak of lines that are not there. */
  end(): { seq: number; what: string }[] {
    const beyond = [...this.#heads.values()].flat().toSorted((a, b) => a.seq - b.seq);
    const faults = beyond.map(({ seq, at }) => ({
      seq,
      what: `the ledger ends with seq ${this.seq}, but a head of seq ${seq} (${at}) was kept: the end was cut off`,
    }));
    if (this.seq === 0) faults.push({ seq: 0, what: 'the ledger has no line' });
    if (this.signatures.trusted && this.signatures.lines === 0) {
      const what =
        'no line is signed, though keys are configured: if the key is new, the next run signs; if not, the ledger was replaced';
      faults.push({ seq: this.seq, what });
    }
    return faults;
  }

  #place({ line, prev }: Unsealed): string[] {
    if (this.#prev === null) {
      return line.seq > this.seq ? [] : [`the line has seq ${line.seq} after ${this.seq}`];
    }
    const due = this.seq + 1;
    if (line.seq > due) {
      const lost = line.seq - due;
      return [`seq ${line.seq} follows ${this.seq}: ${lost} lines are missing before it`];
    }
    if (line.seq < due) return [`the line has seq ${line.seq} where ${due} was due`];
    return prev === this.#prev ? [] : ['the line does not follow the line before it'];
  }

  #cover(line: LedgerLine): string[] {
    if (line.kind === 'batch' || this.#uncovered === null) return [];
    return line.covers === rootOf(this.#uncovered)
      ? []
      : ['the line does not cover the lines before it'];
  }

  #signature({ line, sha256, signature }: Unsealed): string[] {
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

  /** Compares with the heads of this line that were kept elsewhere. */
  #kept(seq: number, sha256: string): string[] {
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

function notOpening(line: LedgerLine): string[] {
  return line.kind === 'open' ? ['a segment is opened twice'] : [];
}

function opening(
  line: LedgerLine,
  { segment, previous }: { segment: string; previous: Previous },
): string[] {
  if (line.kind !== 'open') return ['the segment does not begin with its opening'];
  const faults = line.segment === segment ? [] : [`the segment calls itself ${line.segment}`];
  if (line.previous?.file !== previous?.file) {
    const there = previous?.file ?? 'none';
    faults.push(`the segment follows ${line.previous?.file ?? 'none'}, but ${there} lies there`);
  } else if (line.previous !== null && line.previous.sha256 !== previous?.sha256) {
    faults.push(`${line.previous.file} is not as it was when it was closed`);
  }
  return faults;
}
