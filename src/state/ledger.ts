import { createHash, randomUUID } from 'node:crypto';
import { integrityError, messageOf, usageError } from '../errors.ts';
import { type Cursor, EMPTY_CURSOR } from '../model.ts';
import { appendDurably, makeFolder, syncToDisk } from '../platform/durable.ts';
import { asDiskError } from '../platform/disk-error.ts';
import { iso } from '../platform/time.ts';
import { streamKey } from './carried.ts';
import { Chain } from './chain.ts';
import { FORMAT } from './format.ts';
import type { Head } from './head.ts';
import { type Layout, segmentName } from './layout.ts';
import type { LedgerEntry, LedgerLine, LineRef, Recovered } from './ledger-schema.ts';
import type { LedgerState } from './ledger-state.ts';
import { rootOf } from './merkle.ts';
import type { CheckedSegment } from './checked-segments.ts';
import { digestOf, readLedger, type ReadSegment, type Torn } from './read-ledger.ts';
import { mustBeReadable, seal } from './seal.ts';
import { openingOf, segmentFile, segmentNames } from './segments.ts';
import { setFileAside, setTailAside } from './set-aside.ts';
import { type Signer, signerFor, type Signing } from './signing.ts';

/**
 * The append-only list of commits. A line that is on disk with its newline is committed, with everything it describes;
 * anything less never happened.
 */
export class Ledger {
  readonly #layout: Layout;
  readonly #now: () => number;
  /** All lines so far. */
  readonly #chain: Chain;
  /** The newest segment: what was read of it, and appended since. */
  #newest: ReadSegment | null;
  readonly #signing: Signing | null;
  #sign: Signer | null = null;
  /** What a crash left of lines that it did not get to write. */
  #leftovers: { torn: Torn | null; unopened: readonly string[] } = { torn: null, unopened: [] };
  /** What the next line records. */
  #recovered: Recovered[] = [];
  /** The last append begun: each waits for the one before. */
  #appending: Promise<unknown> = Promise.resolve();

  private constructor(
    layout: Layout,
    now: () => number,
    what: { chain: Chain; newest: ReadSegment | null; signing: Signing | null },
  ) {
    this.#layout = layout;
    this.#now = now;
    this.#chain = what.chain;
    this.#newest = what.newest;
    this.#signing = what.signing;
  }

  /**
   * Reads what a run has to know, mostly the newest segment.
   *
   * @param goesOn whether a run continues from here; to anyone else a torn last line may be one that is just being written
   * @param signing signs every line that is appended, and checks the signatures of those that are there
   * @throws AuditlakeError `integrity` (exit 5) if a complete line does not verify; nothing has been changed then
   */
  static async open(
    layout: Layout,
    now: () => number,
    goesOn: boolean,
    signing: Signing | null = null,
  ): Promise<Ledger> {
    const segments = await segmentNames(layout);
    const unopened: string[] = [];
    try {
      for (let last = segments.at(-1); last !== undefined; last = segments.at(-1)) {
        if ((await openingOf(segmentFile(layout, last))) !== null) break;
        unopened.push(last);
        segments.pop();
      }
      const keys = signing?.trusted ?? null;
      const { chain, newest, torn } = await readLedger(layout, segments, { keys, goesOn });
      const ledger = new Ledger(layout, now, {
        chain: newest === null ? new Chain(keys, { home: randomUUID() }) : chain,
        newest,
        signing,
      });
      ledger.#leftovers = { torn, unopened };
      return ledger;
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOTFILE' ? notPlain(error) : error;
    }
  }

  get state(): Readonly<LedgerState> {
    return this.#chain.state;
  }

  /** What is known of the newest segment; null in an empty ledger. */
  get checked(): CheckedSegment | null {
    if (this.#newest === null) return null;
    const { segment, bytes, hash } = this.#newest;
    return { segment, bytes, sha256: digestOf(hash) };
  }

  /** The last line of any kind; null in an empty ledger. */
  get last(): LineRef | null {
    const { seq } = this.state;
    return seq === 0 ? null : { seq, sha256: this.#chain.sha256 };
  }

  /** The last line that covers those before it; null in an empty ledger. */
  get head(): Head | null {
    return this.#chain.head;
  }

  cursor(source: string, stream: string): Cursor {
    return this.state.cursors[streamKey(source, stream)] ?? EMPTY_CURSOR;
  }

  /**
   * Call before work that ends in an append.
   *
   * @throws AuditlakeError `usage` if the ledger is signed and no key is configured: an unsigned line could be anybody's;
   *   `integrity` if it has lines of which none is signed, and nobody said that the key is new
   */
  requireKey(): void {
    const { isSigned } = this.#chain;
    if (this.#signing === null && isSigned) {
      throw usageError(
        `the ledger of ${this.#layout.home} is signed, and no key is configured`,
        'set AUDITLAKE_SIGNING_KEY_FILE or signing.keyFile',
      );
    }
    if (this.#signing === null || isSigned || this.state.seq === 0) return;
    if (this.#signing.begins) return;
    throw integrityError(
      `a key is configured, but none of the ${this.state.seq} lines in the ledger of ${this.#layout.home} is signed: either the key is new, or somebody took the signatures away`,
      'if the key is new, run `auditlake sync --begin-signing` once: what is there already is vouched for from then on only. If it is not, restore the archive from a copy',
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
      const seq = this.state.seq + 1;
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
    const before = this.checked;
    // A clock that runs backwards must not write into an earlier, closed segment.
    if (before !== null && month <= before.segment) return;
    await makeFolder(this.#layout.ledger);
    const { seq, ...carried } = this.state;
    // As it was read and written, whatever is in its place by now.
    const previous =
      before === null ? null : { file: `${before.segment}.ndjson`, sha256: before.sha256, seq };
    this.#newest = { segment: month, hash: createHash('sha256'), bytes: 0 };
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
        : { ...common, ...entry, covers: rootOf(this.#chain.uncovered) };
    if (this.#signing !== null) this.#sign ??= signerFor(this.state.home, this.#signing.key);
    const { text, sha256, signature } = seal(line, this.#chain.sha256, this.#sign);
    mustBeReadable(text);
    const newest = this.#newest;
    if (newest === null) throw new Error('a line was to be appended to no segment');
    await appendDurably(segmentFile(this.#layout, newest.segment), `${text}\n`);
    newest.hash.update(`${text}\n`);
    newest.bytes += Buffer.byteLength(text) + 1;
    this.#recovered = [];
    this.#chain.take({ line, sha256, signature });
    return line;
  }

  /**
   * Takes what a crash left out of the way, so that the line can be written, or the month opened, again. Only for the holder
   * of the run lock.
   */
  async repair(): Promise<void> {
    const { torn, unopened } = this.#leftovers;
    this.#leftovers = { torn: null, unopened: [] };
    if (torn !== null) {
      const file = segmentFile(this.#layout, torn.segment);
      const what = `the ledger ${torn.segment} ended in the middle of a line`;
      this.noteRecovered(await setTailAside(this.#layout, file, torn.tail, what));
    }
    for (const segment of unopened) {
      const file = segmentFile(this.#layout, segment);
      this.noteRecovered(await setFileAside(this.#layout, file, 'a segment without a line'));
    }
  }
}

function notPlain(error: unknown): Error {
  return integrityError(
    `the ledger cannot be read: ${messageOf(error)}`,
    'the archive holds plain files only; nothing was changed. Restore it from a copy and run `auditlake verify`',
    error,
  );
}
