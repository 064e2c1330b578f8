import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  type BatchRef,
  type Cursor,
  isPartEnd,
  KINDS,
  type Millis,
  type OpenWindow,
  type Page,
  type PartEnd,
  type PartsResult,
  type Window,
} from '../model.ts';
import type { Archive } from './archive.ts';
import { BatchBuilder, type BatchHead } from './batch.ts';
import { EndedParts } from './ended-parts.ts';
import { Known, type Position } from './known.ts';
import { batchesOf } from './ledger-queries.ts';
import { bytesOf, readBatch } from './read-batch.ts';
import { recordsAt, type StoredRecord } from './records-at.ts';

/** Uncompressed. Larger batches cost memory at the loader, smaller ones fsyncs. */
const BATCH_SIZE = 3 * 1024 * 1024;

/** A slow source commits at least this often, so that a crash costs little. */
const BATCH_AGE_MS = 10_000;

/** Snapshots: after so many batches of changes the whole state is archived again, so that a start stays quick. */
const BATCHES_PER_BASE = 100;

const HOUR = 3_600_000;

/** Pages of older batches by their number in this one. */
type CarriedPages = Map<NonNullable<StoredRecord['page']>, number>;

export type Counts = {
  pages: number;
  records: number;
  new: number;
  changed: number;
  known: number;
  absent: number;
  /** New and changed ones that the ledger has. */
  committed: number;
};

/**
 * Archives what one stream's reader hands over in one run: judges each record, fills batches and commits
 * them with the cursor up to which they are complete. A run over an old window keeps the cursor as it is.
 */
export class StreamArchive {
  readonly counts: Counts = {
    pages: 0,
    records: 0,
    new: 0,
    changed: 0,
    known: 0,
    absent: 0,
    committed: 0,
  };
  readonly #archive: Archive;
  readonly #runId: string;
  readonly #head: BatchHead;
  readonly #now: () => Millis;
  readonly #onCommit: (batch: BatchRef) => void;
  readonly #keepsCursor: boolean;
  readonly #pagesDigest = createHash('sha256');
  #known: Known;
  #window: OpenWindow | null = null;
  #cursor: Cursor;
  #batch = new BatchBuilder();
  #batchCounts = { pages: 0, records: 0, new: 0, changed: 0 };
  #batchSince: Millis;
  #newBase = false;
  #newBaseSeq: number | null = null;
  #isCommitted = true;
  /** Series: the parts that were read to their end in this run. */
  readonly #parts = new Set<string>();
  readonly #ended = new EndedParts();

  constructor(
    archive: Archive,
    runId: string,
    head: BatchHead,
    now: () => Millis,
    onCommit: (batch: BatchRef) => void,
    { keepsCursor }: { keepsCursor: boolean },
  ) {
    this.#archive = archive;
    this.#runId = runId;
    this.#head = head;
    this.#now = now;
    this.#onCommit = onCommit;
    this.#keepsCursor = keepsCursor;
    this.#known = new Known(head.stream_kind);
    this.#cursor = archive.ledger.cursor(head.source, head.stream);
    this.#batchSince = now();
  }

  get cursor(): Cursor {
    return this.#cursor;
  }

  /** The cursor, if there was no news to commit it with: then it belongs into the line that closes the run. */
  get pendingCursor(): Cursor | null {
    return this.#isCommitted ? null : this.#cursor;
  }

  /** The parts that ended without their records. */
  get parts(): PartsResult | null {
    return this.#ended.result;
  }

  /** A digest over the bodies of all pages, in order: what a quiet run leaves of them. */
  pagesSha256(): string {
    return this.#pagesDigest.copy().digest('hex');
  }

  /** Begins a window of a log or series: loads what the archive has of it. */
  async beginWindow(window: OpenWindow): Promise<void> {
    this.#window = window;
    this.#parts.clear();
    const { source, stream, stream_kind } = this.#head;
    this.#known = new Known(stream_kind);
    const range = { from: window.place, to: window.to + HOUR };
    await this.#load(await batchesOf(this.#archive, source, stream, range));
  }

  /** How many records of a window the archive has that were still served when they were last asked for. */
  archivedIn(window: Window): number {
    return this.#known.keysIn(window);
  }

  /** Begins a snapshot: loads its present state. */
  async beginSnapshot(): Promise<void> {
    const { source, stream } = this.#head;
    const { base } = this.#cursor;
    if (base === null) return;
    const batches = await batchesOf(this.#archive, source, stream, { base });
    await this.#load(batches);
    this.#newBase = batches.length >= BATCHES_PER_BASE;
  }

  /** Something found that is not a record, for the anomalies. */
  finding(kind: string, what: string): void {
    this.#batch.finding(kind, this.#now(), what);
  }

  /** Takes in a page, or the end of a part that brought none. */
  async add(item: Page | PartEnd): Promise<void> {
    if (isPartEnd(item)) {
      this.#ended.add(item);
      this.#partIsDone(item.part);
    } else await this.#addPage(item);
  }

  async #addPage(page: Page): Promise<void> {
    const { note } = page;
    this.counts.pages += 1;
    this.#batchCounts.pages += 1;
    this.#pagesDigest.update(note.sha256);
    const context = note.context === undefined ? '' : JSON.stringify(note.context);
    let number = this.#batch.page(note);
    for (const { key, bytes, time } of page.records) {
      const verdict = this.#known.see(key, bytes, context, time);
      this.counts.records += 1;
      this.counts[verdict] += 1;
      this.#batchCounts.records += 1;
      if (verdict === 'known' && !this.#newBase) continue;
      if (verdict !== 'known') this.#batchCounts[verdict] += 1;
      this.#batch.record(number, key, time, bytes);
      if (this.#batch.size < BATCH_SIZE) continue;
      // Within a page of huge records: the place stays before this page until all of it is in.
      await this.#commit(this.#progress());
      number = this.#batch.page(note);
    }
    if (page.place !== null && this.#window !== null) {
      this.#window = { ...this.#window, place: Math.max(page.place, this.#window.place) };
      this.#known.forgetBefore(this.#window.place - HOUR);
    }
    if (page.part !== undefined) {
      this.#partIsDone(page.part);
      this.#parts.add(page.part);
    }
    const isDue = this.#hasNews() && this.#now() - this.#batchSince > BATCH_AGE_MS;
    if (this.#batch.size >= BATCH_SIZE || isDue) await this.#commit(this.#progress());
  }

  /** Series: the next run need not ask for this part of the open window again. */
  #partIsDone(part: string): void {
    if (this.#window !== null) this.#window = { ...this.#window, part };
  }

  /** Everything of the window was read: what the archive has of it and the vendor no longer serves is noted. */
  async finishWindow(read: Window, watermark: Millis): Promise<void> {
    await this.#noteAbsent(this.#known.unseen(read));
    this.#window = null;
    this.#move({ ...this.#cursor, watermark, window: null });
    if (this.#hasNews()) await this.#commit(() => this.#cursor);
    else this.#resetBatch();
  }

  async finishSnapshot(): Promise<void> {
    await this.#noteAbsent(this.#known.unseen(null));
    if (!this.#hasNews() && !this.#newBase) return this.#move(this.#cursor);
    // Only now is the new base whole: a crash before leaves the old one in force.
    await this.#commit((seq) => ({
      ...this.#cursor,
      base: this.#newBase ? (this.#newBaseSeq ?? seq) : (this.#cursor.base ?? seq),
    }));
  }

  /** The run ends early: what there is so far is committed with the place that it reaches. */
  async interrupt(): Promise<void> {
    const window = this.#window;
    if (this.#hasNews()) await this.#commit(this.#progress());
    else if (window !== null && this.counts.pages > 0) this.#move({ ...this.#cursor, window });
  }

  #move(cursor: Cursor): void {
    if (this.#keepsCursor) return;
    this.#cursor = cursor;
    this.#isCommitted = false;
  }

  #hasNews(): boolean {
    return this.#batch.records + this.#batch.absent + this.#batch.findings > 0;
  }

  #progress(): (seq: number) => Cursor {
    if (KINDS[this.#head.stream_kind].hasWindows) {
      return () => ({ ...this.#cursor, window: this.#window });
    }
    return (seq) => {
      if (this.#newBase) this.#newBaseSeq ??= seq;
      return { ...this.#cursor, base: this.#cursor.base ?? seq };
    };
  }

  async #commit(cursor: (seq: number) => Cursor): Promise<void> {
    const batch = this.#batch;
    const counts = this.#batchCounts;
    this.#resetBatch();
    const ref = await this.#archive.commit(this.#runId, this.#head, batch, counts, (seq) => {
      if (!this.#keepsCursor) this.#cursor = cursor(seq);
      return this.#cursor;
    });
    this.counts.committed += counts.new + counts.changed;
    this.#isCommitted = true;
    this.#onCommit(ref);
  }

  #resetBatch(): void {
    this.#batch = new BatchBuilder();
    this.#batchCounts = { pages: 0, records: 0, new: 0, changed: 0 };
    this.#batchSince = this.#now();
  }

  async #load(batches: readonly { seq: number; file: string }[]): Promise<void> {
    for (const { seq, file } of batches) {
      const contexts = new Map<number, string>();
      for (const line of await readBatch(join(this.#archive.layout.archive, file))) {
        if (line.kind === 'page' && line.context !== undefined) {
          contexts.set(line.page, JSON.stringify(line.context));
        } else if (line.kind === 'absent') this.#known.forget(line.key);
        else if (line.kind === 'record') {
          const time = line.time === null ? null : Date.parse(line.time);
          // The batch holds more than the window: what lies outside will not be served in it.
          if (time !== null && this.#window !== null && isFar(time, this.#window)) continue;
          const context = contexts.get(line.page) ?? '';
          this.#known.load(line.key, bytesOf(line), context, time, { seq, n: line.n });
        }
      }
    }
  }

  /** Notes what the vendor no longer serves. What is of an unavailable part keeps its last state. */
  async #noteAbsent(positions: readonly Position[]): Promise<void> {
    if (!KINDS[this.#head.stream_kind].noticesAbsence) return;
    const pages: CarriedPages = new Map();
    for await (const stored of recordsAt(this.#archive, this.#head, positions)) {
      const { at, record, page } = stored;
      if (this.#ended.hides(record.key, page?.context)) this.#carryOver(stored, pages);
      else if (this.#wasAsked(record.key)) {
        this.#batch.absence(record.key, this.#now(), at);
        this.counts.absent += 1;
      }
    }
  }

  /** Into a new base, which the next run would otherwise take for all there is: as it was archived, with its page. */
  #carryOver({ record, page }: StoredRecord, pages: CarriedPages): void {
    if (!this.#newBase || page === undefined) return;
    const { kind: _kind, n: _n, page: _number, ...note } = page;
    const number = pages.get(page) ?? this.#batch.page({ ...note, at: Date.parse(note.at) });
    pages.set(page, number);
    const time = record.time === null ? null : Date.parse(record.time);
    this.#batch.record(number, record.key, time, bytesOf(record));
  }

  /** A team or user that is no longer listed was not asked about: that says nothing of its figures. */
  #wasAsked(key: string): boolean {
    if (!KINDS[this.#head.stream_kind].hasPeriods) return true;
    return this.#parts.has(key.slice(0, key.lastIndexOf('/')));
  }
}

function isFar(time: Millis, { place, to }: OpenWindow): boolean {
  return time < place - HOUR || time >= to + HOUR;
}
