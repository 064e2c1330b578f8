import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { integrityError, usageError } from '../errors.ts';
import { type Cursor, EMPTY_CURSOR } from '../model.ts';
import { asDiskError, makeFolder, sha256OfFile, syncToDisk } from '../platform/durable.ts';
import { type Layout, segmentName } from './layout.ts';
import {
  type Carried,
  FORMAT,
  type LedgerEntry,
  type LedgerLine,
  NO_LINE,
  type Recovered,
  seal,
  streamKey,
  type Unsealed,
  unseal,
} from './ledger-line.ts';
import { lines } from './lines.ts';
import { rootOf } from './merkle.ts';
import { union } from './seq-ranges.ts';
import type { Head } from './head.ts';
import { signatureFault, type Signer, signerFor, type Signing } from './signing.ts';

/** What the last segment says about the present. */
export type LedgerState = Carried & { seq: number };

/**
 * The append-only list of commits. A line that is on disk with its newline is committed, with all it speaks of;
 * anything less never happened.
 */
export class Ledger {
  readonly #layout: Layout;
  readonly #now: () => number;
  #state: LedgerState;
  #segment: string | null = null;
  #sha256 = NO_LINE;
  /** Hashes of the lines that the next covering line ties to itself. */
  #uncovered: string[] = [];
  #head: Head | null = null;
  readonly #signing: Signing | null;
  #sign: Signer | null = null;
  #isSigned = false;
  #recovered: Recovered[] = [];
  #appending: Promise<unknown> = Promise.resolve();

  private constructor(layout: Layout, now: () => number, signing: Signing | null) {
    this.#layout = layout;
    this.#now = now;
    this.#signing = signing;
    this.#state = {
      home: randomUUID(),
      seq: 0,
      cursors: {},
      organizations: {},
      totals: {},
      pruned: { seqs: [], at: 0 },
      checked: {},
      retention: {},
    };
  }

  /**
   * Reads the last segment. Only the holder of the run lock may pass `repair`: then a torn tail is cut.
   * A reader without the lock ignores it, since it may be a line that is being written.
   *
   * @param signing with it every line is signed, and the lines that are there are checked
   * @throws AuditlakeError `integrity` (exit 5) if a complete line does not verify; nothing is changed then
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
      const found = await ledger.#readSegment(last, repair);
      if (found) break;
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
   * For whoever is about to append.
   *
   * @throws AuditlakeError `usage` if the ledger is signed and there is no key: the line could be anybody's
   */
  expectKey(): void {
    if (!this.#isSigned || this.#signing !== null) return;
    throw usageError(
      `the ledger of ${this.#layout.home} is signed, and no key is configured`,
      'set AUDITLAKE_SIGNING_KEY_FILE or signing.keyFile',
    );
  }

  /** To be recorded in the next line. */
  noteRecovered(recovered: Recovered): void {
    this.#recovered.push(recovered);
  }

  /**
   * Commits. Calls are worked off one after another.
   *
   * @param entry made from the seq that the line will have, because a batch's file is named by it
   */
  async append(make: (seq: number, at: number) => Promise<LedgerEntry>): Promise<LedgerLine> {
    this.expectKey();
    const work = this.#appending.then(async () => {
      const at = this.#now();
      await this.#openSegmentFor(at);
      const seq = this.#state.seq + 1;
      return await this.#write(await make(seq, at), seq, at);
    });
    // After a failed write the next number is in doubt, so whatever waits behind it fails as well.
    this.#appending = work;
    try {
      return await work;
    } catch (error) {
      throw asDiskError(error, this.#layout.archive);
    }
  }

  async #openSegmentFor(at: number): Promise<void> {
    const month = segmentName(at);
    // A clock that runs back must not write into an earlier, closed segment.
    if (this.#segment !== null && month <= this.#segment) return;
    await makeFolder(this.#layout.ledger);
    const previous =
      this.#segment === null
        ? null
        : {
            file: `${this.#segment}.ndjson`,
            sha256: await sha256OfFile(this.#file(this.#segment)),
            seq: this.#state.seq,
          };
    this.#segment = month;
    const { seq, ...carried } = this.#state;
    const entry: LedgerEntry = { kind: 'open', segment: month, previous, ...carried };
    await this.#write(entry, seq + 1, at);
    await syncToDisk(this.#layout.ledger);
  }

  async #write(entry: LedgerEntry, seq: number, at: number): Promise<LedgerLine> {
    const common = {
      format: FORMAT,
      seq,
      at: new Date(at).toISOString(),
      ...(this.#recovered.length > 0 ? { recovered: this.#recovered } : {}),
    };
    const line: LedgerLine =
      entry.kind === 'batch'
        ? { ...common, ...entry }
        : { ...common, ...entry, covers: rootOf(this.#uncovered) };
    if (this.#signing !== null) this.#sign ??= signerFor(this.#state.home, this.#signing.key);
    const { text, sha256, signature } = seal(line, this.#sha256, this.#sign);
    await appendSynced(this.#file(this.#segment ?? ''), `${text}\n`);
    this.#recovered = [];
    this.#took({ line, sha256, signature });
    return line;
  }

  /** A line is in the ledger: what follows goes on from it. */
  #took({ line, sha256, signature }: Omit<Unsealed, 'prev'>): void {
    this.#sha256 = sha256;
    reduce(this.#state, line);
    if (line.kind === 'batch') this.#uncovered.push(sha256);
    else {
      this.#uncovered = [sha256];
      this.#head = { home: this.#state.home, seq: line.seq, at: line.at, sha256, ...signature };
    }
  }

  #file(segment: string): string {
    return join(this.#layout.ledger, `${segment}.ndjson`);
  }

  /** @returns false if the segment holds no complete line: its opening was torn */
  async #readSegment(segment: string, repair: boolean): Promise<boolean> {
    const file = this.#file(segment);
    let prev: string | null = null;
    let number = 0;
    for await (const { bytes, torn } of lines(file)) {
      number += 1;
      if (torn) {
        if (repair) await this.#setAsideTail(segment, bytes);
        break;
      }
      const result = unseal(bytes);
      if ('fault' in result) throw brokenLine(file, number, result.fault);
      if (prev !== null && result.prev !== prev) {
        throw brokenLine(file, number, 'does not follow the line before it');
      }
      if (result.line.format > FORMAT) throw newerFormat(result.line.format);
      if (number === 1 && result.line.kind !== 'open') {
        throw brokenLine(file, number, 'does not open the segment');
      }
      if (repair) this.#expectSigned(result, file, number);
      prev = result.sha256;
      this.#took(result);
    }
    if (prev === null) {
      // Out of the way, so that the month can be opened anew.
      if (repair) await rename(file, await this.#freeName(`${segment}.ndjson`));
      return false;
    }
    this.#segment = segment;
    return true;
  }

  /** Whoever goes on with a ledger vouches for it: not for what somebody wrote into it without the key. */
  #expectSigned({ line, sha256, signature }: Unsealed, file: string, number: number): void {
    if (signature === null && !this.#isSigned) return;
    this.#isSigned = true;
    if (this.#signing === null) return;
    const home = line.kind === 'open' ? line.home : this.#state.home;
    const fault = signatureFault({ home, seq: line.seq, sha256 }, signature, this.#signing.trusted);
    if (fault !== null) throw brokenLine(file, number, fault);
  }

  async #setAsideTail(segment: string, bytes: Buffer): Promise<void> {
    const kept = await this.#freeName(`${segment}.tail`);
    await writeFile(kept, bytes, { mode: 0o600 });
    const handle = await open(this.#file(segment), 'r+');
    try {
      const { size } = await handle.stat();
      await handle.truncate(size - bytes.length);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.noteRecovered({
      what: `the ledger ${segment} ended in the middle of a line`,
      kept_as: kept.slice(this.#layout.home.length + 1),
      bytes: bytes.length,
    });
  }

  async #freeName(name: string): Promise<string> {
    await mkdir(this.#layout.setAside, { recursive: true });
    return join(this.#layout.setAside, `${randomUUID().slice(0, 8)}-${name}`);
  }
}

/** Applies a line to the state: the only place that says what a line means. */
function reduce(state: LedgerState, line: LedgerLine): void {
  state.seq = line.seq;
  if (line.kind === 'open') {
    state.home = line.home;
    state.cursors = { ...line.cursors };
    state.organizations = { ...line.organizations };
    state.totals = { ...line.totals };
    state.pruned = line.pruned;
    state.checked = { ...line.checked };
    state.retention = { ...line.retention };
  } else if (line.kind === 'batch') {
    const key = streamKey(line.source, line.stream);
    const before = state.totals[key];
    state.cursors[key] = line.cursor;
    state.organizations[line.source] = line.organization_id;
    state.totals[key] = {
      records: (before?.records ?? 0) + line.new_records + line.changed_records,
      min_time: earlier(before?.min_time ?? null, line.min_time),
      max_time: later(before?.max_time ?? null, line.max_time),
    };
  } else if (line.kind === 'run') {
    for (const entry of line.streams) {
      const { source, cursor, organization_id, checked_up_to, oldest_served } = entry;
      const key = streamKey(source, entry.stream);
      if (cursor !== undefined) state.cursors[key] = cursor;
      if (organization_id !== undefined) state.organizations[source] = organization_id;
      if (checked_up_to !== undefined) state.checked[key] = checked_up_to;
      if (oldest_served !== undefined) {
        state.retention[key] = { oldest_served, measured_at: line.at };
      }
    }
  } else if (line.kind === 'prune') {
    state.pruned = { seqs: union(state.pruned.seqs, line.seqs), at: line.seq };
  }
}

function earlier(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b < a) ? b : a;
}

function later(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}

/** Segments by month, oldest first. */
export async function segmentNames(layout: Layout): Promise<string[]> {
  const entries = await readdir(layout.ledger, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries
    .filter(
      (entry) =>
        (entry.isFile() || entry.isSymbolicLink()) && /^\d{4}-\d\d\.ndjson$/.test(entry.name),
    )
    .map((entry) => entry.name.slice(0, 7))
    .toSorted();
}

async function appendSynced(file: string, text: string): Promise<void> {
  const handle: FileHandle = await open(file, 'a', 0o600);
  try {
    const { size } = await handle.stat();
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch (error) {
      // A full disk leaves half a line; whole again, the ledger can be appended to once there is room.
      await handle.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

function brokenLine(file: string, number: number, fault: string): Error {
  return integrityError(
    `${file}, line ${number}: the line ${fault}`,
    'the archive was altered or damaged; nothing was changed. Restore it from a copy and run `auditlake verify`',
  );
}

export function newerFormat(format: number): Error {
  return usageError(
    `the archive has format ${format}, this program knows ${FORMAT}`,
    'use the newer auditlake that wrote it',
  );
}
