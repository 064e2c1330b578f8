import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { integrityError, usageError } from '../errors.ts';
import { type Cursor, EMPTY_CURSOR } from '../model.ts';
import { makeFolder, sha256OfFile, syncToDisk } from '../durable.ts';
import { type Layout, segmentName } from './layout.ts';
import {
  FORMAT,
  type LedgerEntry,
  type LedgerLine,
  NO_LINE,
  type Recovered,
  seal,
  streamKey,
  type StreamTotals,
  unseal,
} from './ledger-line.ts';
import { lines } from './lines.ts';

/** What the last segment says about the present. */
export type LedgerState = {
  home: string;
  seq: number;
  cursors: Record<string, Cursor>;
  organizations: Record<string, string>;
  totals: Record<string, StreamTotals>;
};

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
  #recovered: Recovered[] = [];
  #appending: Promise<unknown> = Promise.resolve();

  private constructor(layout: Layout, now: () => number) {
    this.#layout = layout;
    this.#now = now;
    this.#state = { home: randomUUID(), seq: 0, cursors: {}, organizations: {}, totals: {} };
  }

  /**
   * Reads the last segment. Only the holder of the run lock may pass `repair`: then a torn tail is cut.
   * A reader without the lock ignores it, since it may be a line that is being written.
   *
   * @throws AuditlakeError `integrity` (exit 5) if a complete line does not verify; nothing is changed then
   */
  static async open(layout: Layout, now: () => number, repair: boolean): Promise<Ledger> {
    const ledger = new Ledger(layout, now);
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

  cursor(source: string, stream: string): Cursor {
    return this.#state.cursors[streamKey(source, stream)] ?? EMPTY_CURSOR;
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
    const work = this.#appending.then(async () => {
      const at = this.#now();
      await this.#openSegmentFor(at);
      const seq = this.#state.seq + 1;
      return await this.#write(await make(seq, at), seq, at);
    });
    // After a failed write the next number is in doubt, so whatever waits behind it fails as well.
    this.#appending = work;
    return await work;
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
    const { home, cursors, organizations, totals } = this.#state;
    const entry: LedgerEntry = {
      kind: 'open',
      home,
      segment: month,
      previous,
      cursors,
      organizations,
      totals,
    };
    await this.#write(entry, this.#state.seq + 1, at);
    await syncToDisk(this.#layout.ledger);
  }

  async #write(entry: LedgerEntry, seq: number, at: number): Promise<LedgerLine> {
    const line = {
      format: FORMAT,
      seq,
      at: new Date(at).toISOString(),
      ...entry,
      ...(this.#recovered.length > 0 ? { recovered: this.#recovered } : {}),
    };
    const { text, sha256 } = seal(line, this.#sha256);
    await appendSynced(this.#file(this.#segment ?? ''), `${text}\n`);
    this.#recovered = [];
    this.#sha256 = sha256;
    reduce(this.#state, line);
    return line;
  }

  #file(segment: string): string {
    return join(this.#layout.ledger, `${segment}.ndjson`);
  }

  /** @returns false if the segment holds no complete line: its opening was torn */
  async #readSegment(segment: string, repair: boolean): Promise<boolean> {
    const file = this.#file(segment);
    let prev: string | null = null;
    let number = 0;
    for await (const { text, torn } of lines(file)) {
      number += 1;
      if (torn) {
        if (repair) await this.#setAsideTail(segment, text);
        break;
      }
      const result = unseal(text, prev);
      if ('fault' in result) throw brokenLine(file, number, result.fault);
      if (result.line.format > FORMAT) throw newerFormat(result.line.format);
      if (number === 1 && result.line.kind !== 'open') {
        throw brokenLine(file, number, 'does not open the segment');
      }
      prev = result.sha256;
      reduce(this.#state, result.line);
    }
    if (prev === null) {
      // Out of the way, so that the month can be opened anew.
      if (repair) await rename(file, await this.#freeName(`${segment}.ndjson`));
      return false;
    }
    this.#segment = segment;
    this.#sha256 = prev;
    return true;
  }

  async #setAsideTail(segment: string, tail: string): Promise<void> {
    const bytes = Buffer.from(tail);
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
  } else if (line.kind === 'batch') {
    const key = streamKey(line.source, line.stream);
    const before = state.totals[key];
    state.cursors[key] = line.cursor;
    state.organizations[line.source] = line.organization_id;
    state.totals[key] = {
      records: (before?.records ?? 0) + line.new_records + line.changed_records,
      max_time: later(before?.max_time ?? null, line.max_time),
    };
  } else {
    for (const { source, stream, cursor, organization_id } of line.streams) {
      if (cursor !== undefined) state.cursors[streamKey(source, stream)] = cursor;
      if (organization_id !== undefined) state.organizations[source] = organization_id;
    }
  }
}

function later(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}

/** Segments by month, oldest first. */
export async function segmentNames(layout: Layout): Promise<string[]> {
  const names = await readdir(layout.ledger).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^\d{4}-\d\d\.ndjson$/.test(name))
    .map((name) => name.slice(0, 7))
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

function newerFormat(format: number): Error {
  return usageError(
    `the archive has format ${format}, this program knows ${FORMAT}`,
    'use the newer auditlake that wrote it',
  );
}
