import { randomUUID } from 'node:crypto';
import { usageError } from '../errors.ts';
import { type Cursor, EMPTY_CURSOR } from '../model.ts';
import {
  appendDurably,
  asDiskError,
  makeFolder,
  sha256OfFile,
  syncToDisk,
} from '../platform/durable.ts';
import { iso } from '../platform/time.ts';
import { streamKey } from './carried.ts';
import { brokenLine, type Place, readLine } from './checked-line.ts';
import { FORMAT } from './format.ts';
import type { Head } from './head.ts';
import { type Layout, segmentName } from './layout.ts';
import type { LedgerEntry, LedgerLine, Recovered } from './ledger-schema.ts';
import { applyLine, emptyState, type LedgerState } from './ledger-state.ts';
import { readLines } from './lines.ts';
import { rootOf } from './merkle.ts';
import { seal, type Unsealed, ZERO_HASH } from './seal.ts';
import { segmentFile, segmentNames } from './segments.ts';
import { setFileAside, setTailAside } from './set-aside.ts';
import { signatureFault, type Signer, signerFor, type Signing } from './signing.ts';

/**
 * The append-only list of commits. A line that is on disk with its newline is committed, with everything it describes;
 * anything less never happened.
 */
export class Ledger {
  readonly #layout: Layout;
  readonly #now: () => number;
  readonly #state: LedgerState = emptyState(randomUUID());
  #segment: string | null = null;
  /** The hash of the last line. */
  #sha256 = ZERO_HASH;
  /** Hashes of the lines that the next covering line ties to itself. */
  #uncovered: string[] = [];
  #head: Head | null = null;
  readonly #signing: Signing | null;
  #sign: Signer | null = null;
  #isSigned = false;
  /** What the next line records. */
  #recovered: Recovered[] = [];
  /** The last append begun: each waits for the one before. */
  #appending: Promise<unknown> = Promise.resolve();

  private constructor(layout: Layout, now: () => number, signing: Signing | null) {
    this.#layout = layout;
    this.#now = now;
    this.#signing = signing;
  }

  /**
   * Reads the last segment.
   *
   * @param repair cuts off a torn last line. Only for the holder of the run lock: to anyone else it may be a line that is just
   *   being written, and is ignored
   * @param signing signs every line that is appended, and checks the signatures of those that are there
   * @throws AuditlakeError `integrity` (exit 5) if a complete line does not verify; nothing has been changed then
   */
  static async open(
    layout: Layout,
    now: () => number,
    repair: boolean,
    signing: Signing | null = null,
  ): Promise<Ledger> {
    const ledger = new Ledger(layout, now, signing);
    const segments = await segmentNames(layout);
    for (let last = segments.pop(); last !== undefined; last = segments.pop()) {
      const hasLines = await ledger.#readSegment(last, repair);
      if (hasLines) break;
    }
    return ledger;
  }

  get state(): Readonly<LedgerState> {
    return this.#state;
  }

  /** The last line that covers those before it; null in an empty ledger. */
  get head(): Head | null {
    return this.#head;
  }

  cursor(source: string, stream: string): Cursor {
    return this.#state.cursors[streamKey(source, stream)] ?? EMPTY_CURSOR;
  }

  /**
   * Call before work that ends in an append.
   *
   * @throws AuditlakeError `usage` if the ledger is signed and no key is configured: an unsigned line could be anybody's
   */
  requireKey(): void {
    if (!this.#isSigned || this.#signing !== null) return;
    throw usageError(
      `the ledger of ${this.#layout.home} is signed, and no key is configured`,
      'set AUDITLAKE_SIGNING_KEY_FILE or signing.keyFile',
    );
  }

  /** The next line will record it. */
  noteRecovered(recovered: Recovered): void {
    this.#recovered.push(recovered);
  }

  /**
   * Commits a line. Concurrent calls take turns.
   *
   * @param make returns the line's content, given the seq it will have: a batch's file is named after it
   */
  async append(make: (seq: number, at: number) => Promise<LedgerEntry>): Promise<LedgerLine> {
    this.requireKey();
    const work = this.#appending.then(async () => {
      const at = this.#now();
      await this.#openSegmentFor(at);
      const seq = this.#state.seq + 1;
      return await this.#write(await make(seq, at), seq, at);
    });
    // After a failed write the next number is in doubt, so everything that waits behind it fails too.
    this.#appending = work;
    try {
      return await work;
    } catch (error) {
      throw asDiskError(error, this.#layout.archive);
    }
  }

  async #openSegmentFor(at: number): Promise<void> {
    const month = segmentName(at);
    const before = this.#segment;
    // A clock that runs backwards must not write into an earlier, closed segment.
    if (before !== null && month <= before) return;
    await makeFolder(this.#layout.ledger);
    const { seq, ...carried } = this.#state;
    const file = before === null ? null : segmentFile(this.#layout, before);
    const previous =
      file === null ? null : { file: `${before}.ndjson`, sha256: await sha256OfFile(file), seq };
    this.#segment = month;
    await this.#write({ kind: 'open', segment: month, previous, ...carried }, seq + 1, at);
    await syncToDisk(this.#layout.ledger);
  }

  async #write(entry: LedgerEntry, seq: number, at: number): Promise<LedgerLine> {
    const common = {
      format: FORMAT,
      seq,
      at: iso(at),
      ...(this.#recovered.length > 0 ? { recovered: this.#recovered } : {}),
    };
    const line: LedgerLine =
      entry.kind === 'batch'
        ? { ...common, ...entry }
        : { ...common, ...entry, covers: rootOf(this.#uncovered) };
    if (this.#signing !== null) this.#sign ??= signerFor(this.#state.home, this.#signing.key);
    const { text, sha256, signature } = seal(line, this.#sha256, this.#sign);
    await appendDurably(segmentFile(this.#layout, this.#segment ?? ''), `${text}\n`);
    this.#recovered = [];
    this.#advance({ line, sha256, signature });
    return line;
  }

  /** Takes in a line that the ledger has. */
  #advance({ line, sha256, signature }: Omit<Unsealed, 'prev'>): void {
    this.#sha256 = sha256;
    applyLine(this.#state, line);
    if (line.kind === 'batch') this.#uncovered.push(sha256);
    else {
      this.#uncovered = [sha256];
      this.#head = { home: this.#state.home, seq: line.seq, at: line.at, sha256, ...signature };
    }
  }

  /** @returns false if the segment has no complete line, because its opening was torn */
  async #readSegment(segment: string, repair: boolean): Promise<boolean> {
    const file = segmentFile(this.#layout, segment);
    let prev: string | null = null;
    let number = 0;
    for await (const { bytes, torn } of readLines(file)) {
      number += 1;
      if (torn) {
        if (!repair) break;
        const what = `the ledger ${segment} ended in the middle of a line`;
        this.noteRecovered(await setTailAside(this.#layout, file, bytes, what));
        break;
      }
      const result = readLine(bytes, prev, { file, number });
      if (repair) this.#checkSignature(result, { file, number });
      prev = result.sha256;
      this.#advance(result);
    }
    if (prev === null) {
      // Out of the way, so that the month can be opened again.
      if (repair) await setFileAside(this.#layout, file, 'a segment without a line');
      return false;
    }
    this.#segment = segment;
    return true;
  }

  /** A run that continues a ledger vouches for it, so it must not accept a line that somebody wrote without the key. */
  #checkSignature({ line, sha256, signature }: Unsealed, place: Place): void {
    if (signature === null && !this.#isSigned) return;
    this.#isSigned = true;
    if (this.#signing === null) return;
    const home = line.kind === 'open' ? line.home : this.#state.home;
    const fault = signatureFault({ home, seq: line.seq, sha256 }, signature, this.#signing.trusted);
    if (fault !== null) throw brokenLine(place, fault);
  }
}
