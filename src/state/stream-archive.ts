import { createHash } from 'node:crypto';
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
  type SourceRecord,
  type Window,
} from '../model.ts';
import { isCredible } from '../platform/instant.ts';
import type { Archive } from './archive.ts';
import type { BatchHead } from './batch.ts';
import { EndedParts } from './ended-parts.ts';
import { Gate } from './kept-out.ts';
import { Known, type Position } from './known.ts';
import { batchesOf, mayHold } from './ledger-queries.ts';
import { KnownTimes, MARGIN_MS } from './known-times.ts';
import { isIn, loadKnown } from './load-known.ts';
import { OpenBatch } from './open-batch.ts';
import { recordsAt, RecordCopier } from './records-at.ts';
import { StreamCursor } from './stream-cursor.ts';

/** Snapshots: after so many batches of changes the whole state is archived again, so that loading it stays quick. */
const BATCHES_PER_BASE = 100;

export type Counts = {
  pages: number;
  records: number;
  new: number;
  changed: number;
  known: number;
  absent: number;
  /** Served again after they were pruned, and kept out. */
  pruned: number;
  /** New and changed ones that the ledger has. */
  committed: number;
};

/**
 * Archives what the reader of one stream hands over in one run: judges each record, fills batches, and commits each with the
 * cursor up to which the stream is complete.
 */
export class StreamArchive {
  readonly counts: Counts = {
    pages: 0,
    records: 0,
    new: 0,
    changed: 0,
    known: 0,
    absent: 0,
    pruned: 0,
    committed: 0,
  };
  readonly #archive: Archive;
  readonly #runId: string;
  readonly #head: BatchHead;
  readonly #now: () => Millis;
  readonly #onCommit: (batch: BatchRef) => void;
  readonly #cursor: StreamCursor;
  readonly #pagesDigest = createHash('sha256');
  #known: Known;
  /** Of the window being read; null for a snapshot, of which all is loaded. */
  #knownTimes: KnownTimes | null = null;
  readonly #gate: Gate;
  #batch: OpenBatch;
  /** Series: the parts of the window that were read to their end in this run. */
  readonly #partsRead = new Set<string>();
  readonly #partsEnded = new EndedParts();

  /** @param keepsCursor for a run over an old window, which must not move the stream's cursor */
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
    const { source, stream, stream_kind } = head;
    this.#cursor = new StreamCursor(
      archive.ledger.cursor(source, stream),
      stream_kind,
      keepsCursor,
    );
    this.#known = new Known(stream_kind);
    this.#gate = new Gate(archive, head);
    this.#batch = new OpenBatch(now());
  }

  get cursor(): Cursor {
    return this.#cursor.value;
  }

  /** The cursor, if there was no news to commit it with: then it belongs into the line that closes the run. */
  get pendingCursor(): Cursor | null {
    return this.#cursor.pending;
  }

  /** The parts that ended without their records. */
  get parts(): PartsResult | null {
    return this.#partsEnded.result;
  }

  /** A digest over the bodies of all pages, in order: all that a run without news leaves of them. */
  pagesSha256(): string {
    return this.#pagesDigest.copy().digest('hex');
  }

  /** Begins a window of a log or series: loads what the archive has of it. */
  async beginWindow(window: OpenWindow): Promise<void> {
    this.#cursor.beginWindow(window);
    this.#partsRead.clear();
    const { source, stream, stream_kind } = this.#head;
    this.#known = new Known(stream_kind);
    this.#knownTimes = new KnownTimes(window);
    const range = this.#knownTimes.window;
    const batches = await batchesOf(this.#archive, source, stream, range);
    await loadKnown(this.#known, this.#archive, batches, isIn([range]));
    await this.#gate.openFor(range.from);
  }

  /** Begins a snapshot: loads its present state. */
  async beginSnapshot(): Promise<void> {
    const { source, stream } = this.#head;
    const { base } = this.#cursor.value;
    if (base === null) return;
    const batches = await batchesOf(this.#archive, source, stream, { base });
    await loadKnown(this.#known, this.#archive, batches, null);
    if (batches.length >= BATCHES_PER_BASE) this.#cursor.beginBase();
  }

  /** How many records of a window the archive has, without those that the vendor had stopped serving when last read. */
  archivedIn(window: Window): number {
    return this.#known.keysIn(window);
  }

  /** Archives a finding that is not a record. */
  finding(kind: string, what: string): void {
    this.#batch.lines.finding(kind, this.#now(), what);
  }

  /** Takes in a page, or the end of a part that brought none. */
  async add(item: Page | PartEnd): Promise<void> {
    if (isPartEnd(item)) {
      this.#partsEnded.add(item);
      this.#finishPart(item.part);
    } else await this.#addPage(item);
  }

  /** The next run goes on after this part, unless one before it is awaited: it goes on with that one. */
  #finishPart(part: string): void {
    if (this.#partsEnded.awaitedFrom === Number.POSITIVE_INFINITY) this.#cursor.finishPart(part);
  }

  async #addPage(page: Page): Promise<void> {
    await this.#addRecords(page);
    if (page.place !== null) {
      const window = this.#cursor.reachPlace(page.place);
      if (window !== null) this.#known.forgetBefore(window.place - MARGIN_MS);
    }
    if (page.part !== undefined) {
      this.#finishPart(page.part);
      this.#partsRead.add(page.part);
    }
    if (this.#batch.isDue(this.#now())) await this.#commitProgress();
  }

  async #addRecords({ note, records }: Page): Promise<void> {
    this.counts.pages += 1;
    this.#batch.counts.pages += 1;
    this.#pagesDigest.update(note.sha256);
    const context = note.context === undefined ? '' : JSON.stringify(note.context);
    let number = this.#batch.lines.page(note);
    const { at } = note;
    await this.#loadTimesOf(records, at);
    for (const { key, bytes, time } of records) {
      // What the archive has in another batch is known, though an earlier state of it was pruned.
      if (this.#gate.keepsOut(key, bytes) && !this.#known.has(key)) {
        this.counts.records += 1;
        this.counts.pruned += 1;
        this.#batch.counts.records += 1;
        continue;
      }
      const isStray = time !== null && !this.#steers(time, at);
      const verdict = this.#known.see(key, bytes, context, isStray ? null : time);
      this.counts.records += 1;
      this.counts[verdict] += 1;
      this.#batch.counts.records += 1;
      if (verdict === 'known' && !this.#cursor.isRebasing) continue;
      if (verdict !== 'known') this.#batch.counts[verdict] += 1;
      this.#batch.lines.record(number, key, time, bytes, isStray);
      if (!this.#batch.isFull) continue;
      // Within a page of huge records the cursor stays before this page until all of it is archived.
      await this.#commitProgress();
      number = this.#batch.lines.page(note);
    }
  }

  /** Whether a record's time may decide anything: one that lies outside of the window it was served for does not. */
  #steers(time: Millis, readAt: Millis): boolean {
    const window = this.#cursor.window;
    const isInside = window === null || (time >= window.from && time < window.to);
    return isInside && isCredible(time, readAt);
  }

  /** Loads what the archive has of other times than the window's, if some is served. */
  async #loadTimesOf(records: readonly SourceRecord[], readAt: Millis): Promise<void> {
    const times: Millis[] = [];
    for (const { time } of records) if (time !== null && isCredible(time, readAt)) times.push(time);
    const windows = this.#knownTimes?.add(times) ?? [];
    const [first, last] = [windows[0], windows.at(-1)];
    if (first === undefined || last === undefined) return;
    const { source, stream } = this.#head;
    const range = { from: first.from, to: last.to };
    const batches = (await batchesOf(this.#archive, source, stream, range)).filter((batch) =>
      windows.some((window) => mayHold(batch, window)),
    );
    await loadKnown(this.#known, this.#archive, batches, isIn(windows));
    await this.#gate.openFor(range.from);
  }

  /** The whole window was read: notes which records the archive has and the vendor no longer serves. */
  async finishWindow(read: Window, watermark: Millis): Promise<void> {
    await this.#noteAbsent(this.#known.unseen(read));
    this.#cursor.finishWindow(Math.min(watermark, this.#partsEnded.awaitedFrom));
    if (this.#batch.hasNews) await this.#commitProgress();
    else this.#batch = new OpenBatch(this.#now());
  }

  /** The whole snapshot was read. */
  async finishSnapshot(): Promise<void> {
    await this.#noteAbsent(this.#known.unseen(null));
    if (!this.#batch.hasNews && !this.#cursor.isRebasing) this.#cursor.confirm();
    else await this.#commit((seq) => this.#cursor.snapshotAt(seq));
  }

  /** The run ends early: commits what there is, with the cursor it reaches. */
  async interrupt(): Promise<void> {
    if (this.#batch.hasNews) await this.#commitProgress();
    else if (this.counts.pages > 0) this.#cursor.interruptWindow();
  }

  async #commitProgress(): Promise<void> {
    await this.#commit((seq) => this.#cursor.progressAt(seq));
  }

  async #commit(cursorAt: (seq: number) => Cursor): Promise<void> {
    const { lines, counts } = this.#batch;
    this.#batch = new OpenBatch(this.#now());
    const ref = await this.#archive.commit(this.#runId, this.#head, lines, counts, cursorAt);
    this.counts.committed += counts.new + counts.changed;
    this.#cursor.committed();
    this.#onCommit(ref);
  }

  /** Notes records that the vendor no longer serves. Those of an unavailable part keep their last state. */
  async #noteAbsent(positions: readonly Position[]): Promise<void> {
    if (!KINDS[this.#head.stream_kind].noticesAbsence) return;
    const copier = new RecordCopier(this.#batch.lines);
    for await (const stored of recordsAt(this.#archive, this.#head, positions)) {
      const { at, record, page } = stored;
      if (this.#partsEnded.hides(record.key, page?.context)) {
        // The next run would take a new base for all there is.
        if (this.#cursor.isRebasing) copier.copy(stored);
      } else if (this.#wasAskedFor(record.key)) {
        this.#batch.lines.absence(record.key, this.#now(), at);
        this.counts.absent += 1;
      }
    }
  }

  /** A team or user that is no longer listed was not asked for, which says nothing about its figures. */
  #wasAskedFor(key: string): boolean {
    if (!KINDS[this.#head.stream_kind].hasPeriods) return true;
    return this.#partsRead.has(key.slice(0, key.lastIndexOf('/')));
  }
}
