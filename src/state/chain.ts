/**
 * The rules of the chain: what must hold from one ledger line to the next. Whoever verifies a ledger, goes on from it or proves
 * something by it asks the same rules. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Carried, CARRIED_FIELDS } from './carried.ts';
import type { Head } from './head.ts';
import type { LedgerLine, OpenLine } from './ledger-schema.ts';
import { applyLine, emptyState, type LedgerState } from './ledger-state.ts';
import { rootOf } from './merkle.ts';
import { type Unsealed, ZERO_HASH } from './seal.ts';
import { signatureFault } from './signing.ts';
import { counted } from '../platform/counted.ts';

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

/** What the first line of a segment must agree with. `previous` is `unread` where nobody looked. */
export type Opening = { segment: string; previous: Previous | 'unread' };

/**
 * Follows the ledger line by line. A line that cannot be read is one fault and not three: the next line is not compared
 * with it.
 */
export class Chain {
  /** What the lines so far add up to. */
  readonly state: LedgerState;
  /** The last line that covers those before it; null if there is none. */
  head: Head | null = null;
  readonly signatures: Signatures;
  readonly #keys: readonly string[] | null;
  /** The hash of the line before; null if it could not be read. */
  #prev: string | null = ZERO_HASH;
  /** Hashes that the next covering line must cover; null if an unreadable line is among them. */
  #uncovered: string[] | null = [];
  /** Whether `state` has all lines so far. */
  #isWhole = true;
  #home: string | null = null;
  #isSigned: boolean;

  /**
   * @param keys public keys that signatures must be of; if empty, a signature is checked against the key that its line names; null
   *   leaves signatures unchecked, but not their absence
   * @param isSigned whether a line before the first one that is given is signed
   */
  constructor(keys: readonly string[] | null, { home = '', isSigned = false } = {}) {
    this.#keys = keys;
    this.#isSigned = isSigned;
    this.state = emptyState(home);
    const trusted = (keys ?? []).length > 0;
    this.signatures = { lines: 0, from_seq: null, up_to_seq: null, trusted };
  }

  /** The hash of the last line. */
  get sha256(): string {
    return this.#prev ?? '';
  }

  /** The hashes that the next covering line ties to itself. */
  get uncovered(): readonly string[] {
    return this.#uncovered ?? [];
  }

  /** Whether any line is signed, so that all that follow must be. */
  get isSigned(): boolean {
    return this.#isSigned;
  }

  /** Of the first opening; null before it. */
  get home(): string | null {
    return this.#home;
  }

  /** Passes over lines that cannot be read, or that nobody looked at. */
  skip(): void {
    this.#prev = null;
    this.#uncovered = null;
    this.#isWhole = false;
  }

  /**
   * Goes on to a line.
   *
   * @param opening for the first line of a segment; null for any other
   * @returns what is wrong with the line
   */
  next(unsealed: Unsealed, opening: Opening | null): string[] {
    const { line } = unsealed;
    if (line.kind === 'open') this.#home ??= line.home;
    const faults = [
      ...this.#placeFaults(unsealed),
      ...(opening === null ? reopeningFaults(line) : this.#openingFaults(line, opening)),
      ...this.#coverFaults(line),
      ...this.#signatureFaults(unsealed),
    ];
    this.take(unsealed);
    return faults;
  }

  /** Takes in a line that is known to be right. */
  take({ line, sha256, signature }: Omit<Unsealed, 'prev'>): void {
    applyLine(this.state, line);
    this.#prev = sha256;
    if (signature !== null) this.#isSigned = true;
    if (line.kind === 'open') {
      this.#home ??= line.home;
      // From here on the state is what the line says, right or not.
      this.#isWhole = true;
    }
    if (line.kind === 'batch') {
      this.#uncovered?.push(sha256);
      return;
    }
    this.#uncovered = [sha256];
    this.head = { home: this.state.home, seq: line.seq, at: line.at, sha256, ...signature };
  }

  #placeFaults({ line, prev }: Unsealed): string[] {
    const { seq } = this.state;
    if (this.#prev === null) {
      return line.seq > seq ? [] : [`the line has seq ${line.seq} after ${seq}`];
    }
    const expected = seq + 1;
    if (line.seq > expected) {
      const lost = line.seq - expected;
      return [`seq ${line.seq} follows ${seq}: ${counted(lost, 'line')} missing before it`];
    }
    if (line.seq < expected) return [`the line has seq ${line.seq} where ${expected} was expected`];
    return prev === this.#prev ? [] : ['the line does not follow the line before it'];
  }

  #openingFaults(line: LedgerLine, { segment, previous }: Opening): string[] {
    if (line.kind !== 'open') return ['the segment does not begin with an opening line'];
    const faults = line.segment === segment ? [] : [`the segment calls itself ${line.segment}`];
    if (line.home !== this.#home) {
      faults.push(`the segment is of the home ${line.home}, those before it of ${this.#home}`);
    }
    if (previous !== 'unread') faults.push(...previousFaults(line, previous));
    const differing = this.#isWhole
      ? CARRIED_FIELDS.filter((name) => !this.#carries(line, name))
      : [];
    if (differing.length > 0) {
      const named = differing.join(', ');
      faults.push(
        `the segment opens with another state than the lines before it lead to: ${named}`,
      );
    }
    return faults;
  }

  /** The home has a rule of its own. */
  #carries(line: OpenLine, name: keyof Carried): boolean {
    return name === 'home' || isDeepStrictEqual(line[name], this.state[name]);
  }

  #coverFaults(line: LedgerLine): string[] {
    if (line.kind === 'batch' || this.#uncovered === null) return [];
    return line.covers === rootOf(this.#uncovered)
      ? []
      : ['the line does not cover the lines before it'];
  }

  #signatureFaults({ line, sha256, signature }: Unsealed): string[] {
    if (signature === null && !this.#isSigned) return [];
    const place = { home: this.#home ?? '', seq: line.seq, sha256 };
    const fault =
      signature !== null && this.#keys === null
        ? null
        : signatureFault(place, signature, this.#keys ?? []);
    if (fault !== null) return [`the line ${fault}`];
    this.signatures.lines += 1;
    this.signatures.from_seq ??= line.seq;
    this.signatures.up_to_seq = line.seq;
    return [];
  }
}

function reopeningFaults(line: LedgerLine): string[] {
  return line.kind === 'open' ? ['a segment is opened twice'] : [];
}

function previousFaults(line: OpenLine, previous: Previous): string[] {
  if (line.previous?.file !== previous?.file) {
    const named = line.previous?.file ?? 'none';
    return [`the segment follows ${named}, but before it is ${previous?.file ?? 'none'}`];
  }
  if (line.previous === null) return [];
  const { file, sha256, seq } = line.previous;
  if (sha256 !== previous?.sha256) return [`${file} is not as it was when it was closed`];
  return seq === line.seq - 1 ? [] : [`the segment follows seq ${seq} of ${file}`];
}
