import { hash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { BatchRef, Cursor, Window } from '../model.ts';
import type { BatchBuilder, BatchHead } from './batch.ts';
import { asDiskError, makeFolder, syncToDisk, writeDurably } from '../platform/durable.ts';
import { batchFiles } from './batch-files.ts';
import { batchName, batchPath, type Layout, seqOfBatch } from './layout.ts';
import { Ledger, segmentNames } from './ledger.ts';
import {
  type BatchLine,
  type DeliveryEntry,
  type LedgerLine,
  type RunEntry,
  type RunLine,
  streamKey,
} from './ledger-line.ts';
import { lines } from './lines.ts';
import { contains, rangesOf } from './seq-ranges.ts';
import type { Signing } from './signing.ts';

export type CommitCounts = { pages: number; records: number; new: number; changed: number };

/** The record of everything the vendors told us: batch files, and the ledger that commits them. */
export class Archive {
  readonly layout: Layout;
  readonly ledger: Ledger;

  private constructor(layout: Layout, ledger: Ledger) {
    this.layout = layout;
    this.ledger = ledger;
  }

  /**
   * For the holder of the run lock: puts in order what a crash left.
   *
   * @param signing signs what is appended, where there is a key
   */
  static async openForWriting(
    layout: Layout,
    now: () => number,
    signing: Signing | null = null,
  ): Promise<Archive> {
    try {
      const archive = new Archive(layout, await Ledger.open(layout, now, true, signing));
      await archive.#tidy();
      return archive;
    } catch (error) {
      throw asDiskError(error, layout.home);
    }
  }

  /** For readers beside a run: sees what is committed, changes nothing. */
  static async openForReading(layout: Layout): Promise<Archive> {
    return new Archive(layout, await Ledger.open(layout, Date.now, false));
  }

  /**
   * Writes a batch and commits it with its cursor. When this returns, no crash can take it back;
   * if it throws, it did not happen.
   */
  async commit(
    runId: string,
    head: BatchHead,
    batch: BatchBuilder,
    counts: CommitCounts,
    cursor: (seq: number) => Cursor,
  ): Promise<BatchRef> {
    const line = await this.ledger.append(async (seq, at) => {
      const path = batchPath(head.source, head.stream, at, seq);
      const { bytes, size, longestLine, linesRoot } = await batch.encode(head, seq);
      const file = join(this.layout.archive, path);
      await makeFolder(dirname(file));
      await writeDurably(file, bytes);
      return {
        kind: 'batch',
        run_id: runId,
        ...head,
        file: path,
        file_sha256: hash('sha256', bytes),
        file_bytes: bytes.length,
        lines_root: linesRoot,
        size,
        longest_line: longestLine,
        pages: counts.pages,
        records: counts.records,
        stored_records: batch.records,
        new_records: counts.new,
        changed_records: counts.changed,
        absent_records: batch.absent,
        untimed_records: batch.untimed,
        min_time: isoOrNull(batch.minTime),
        max_time: isoOrNull(batch.maxTime),
        cursor: cursor(seq),
      };
    });
    return batchRef(this.layout, line as BatchLine);
  }

  async closeRun(line: RunEntry): Promise<void> {
    await this.ledger.append(async () => line);
  }

  async noteDelivery(line: DeliveryEntry): Promise<void> {
    await this.ledger.append(async () => line);
  }

  /**
   * Removes batches for good. First the ledger says so, then the files go: a crash between the two leaves work for the
   * next run, never a file that is missing without a word.
   */
  async prune(batches: readonly BatchLine[], reason: string): Promise<void> {
    await this.ledger.append(async () => ({
      kind: 'prune',
      reason,
      seqs: rangesOf(batches.map((batch) => batch.seq)),
      batches: batches.length,
      records: batches.reduce((sum, batch) => sum + batch.new_records + batch.changed_records, 0),
    }));
    for (const { file } of batches) await this.#remove(join(this.layout.archive, file));
  }

  /** The ledger's segment files, oldest first. */
  async segmentFiles(): Promise<string[]> {
    const names = await segmentNames(this.layout);
    return names.map((name) => join(this.layout.ledger, `${name}.ndjson`));
  }

  /** All committed batches after `seq` that were not pruned, in order. */
  async *batches(afterSeq: number): AsyncGenerator<BatchRef> {
    for await (const line of this.batchLines(afterSeq)) yield batchRef(this.layout, line);
  }

  /** The same as the ledger has them. */
  async *batchLines(afterSeq: number): AsyncGenerator<BatchLine> {
    for await (const line of this.#linesAfter(afterSeq)) {
      if (line.kind === 'batch' && !this.isPruned(line.seq)) yield line;
    }
  }

  /** Whether there is something after `seq` that the warehouse shows: a batch, or rows that a receiver refused. */
  async hasNews(afterSeq: number): Promise<boolean> {
    for await (const line of this.#linesAfter(afterSeq)) {
      if (line.kind === 'batch' && !this.isPruned(line.seq)) return true;
      if (line.kind === 'delivery' && line.set_aside.length > 0) return true;
    }
    return false;
  }

  async *#linesAfter(seq: number): AsyncGenerator<LedgerLine> {
    const files = await this.segmentFiles();
    for (const [i, file] of files.entries()) {
      const next = files[i + 1];
      if (next !== undefined && (await firstSeq(next)) <= seq) continue;
      for await (const line of ledgerLines(file)) if (line.seq > seq) yield line;
    }
  }

  /** The times of a stream's events that were pruned, a window per batch. */
  async prunedWindows(source: string, stream: string): Promise<Window[]> {
    const windows: Window[] = [];
    if (this.ledger.state.pruned.at === 0) return windows;
    for await (const line of this.#linesAfter(0)) {
      const isOne = line.kind === 'batch' && line.source === source && line.stream === stream;
      if (!isOne || !this.isPruned(line.seq) || line.min_time === null) continue;
      windows.push({
        from: Date.parse(line.min_time),
        to: Date.parse(line.max_time ?? line.min_time),
      });
    }
    return windows;
  }

  isPruned(seq: number): boolean {
    return contains(this.ledger.state.pruned.seqs, seq);
  }

  /** The last `count` runs, oldest first. */
  async runs(count: number): Promise<RunLine[]> {
    const runs: RunLine[] = [];
    for (const file of (await this.segmentFiles()).toReversed()) {
      const here: RunLine[] = [];
      for await (const line of ledgerLines(file)) if (line.kind === 'run') here.push(line);
      runs.unshift(...here);
      if (runs.length >= count) break;
    }
    return runs.slice(-count);
  }

  /**
   * The batches of a stream that may hold events of a window (logs) or that make up the present state from
   * seq `base` on (snapshots). Goes back only as far as a segment's opening says that there is more.
   */
  async batchesOf(
    source: string,
    stream: string,
    since: Window | { base: number },
  ): Promise<BatchLine[]> {
    const found: BatchLine[] = [];
    const key = streamKey(source, stream);
    for (const file of (await this.segmentFiles()).toReversed()) {
      const here: BatchLine[] = [];
      let reachesFurther = false;
      for await (const line of ledgerLines(file)) {
        if (line.kind === 'open') {
          const maxTime = line.totals[key]?.max_time ?? null;
          reachesFurther =
            'base' in since
              ? line.seq > since.base
              : maxTime !== null && Date.parse(maxTime) >= since.from;
        } else if (line.kind === 'batch' && line.source === source && line.stream === stream) {
          if (this.isPruned(line.seq)) continue;
          const matters =
            'base' in since
              ? line.seq >= since.base
              : line.untimed_records > 0 || line.absent_records > 0 || overlaps(line, since);
          if (matters) here.push(line);
        }
      }
      found.unshift(...here);
      if (!reachesFurther) break;
    }
    return found;
  }

  /**
   * A crash between a batch's rename and its ledger line leaves the file without a commit. It never happened, but it is
   * evidence: set aside, not deleted. What was pruned and is still there goes now.
   */
  async #tidy(): Promise<void> {
    const next = this.ledger.state.seq + 1;
    // The next number, or the one after it where a segment would have been opened first.
    const uncommitted = [batchName(next), batchName(next + 1)];
    const pruned: string[] = [];
    const left: string[] = [];
    for await (const { path: file } of batchFiles(this.layout)) {
      const name = basename(file);
      if (uncommitted.includes(name.replace(/\.tmp$/, ''))) left.push(file);
      else if (this.isPruned(seqOfBatch(name) ?? 0)) pruned.push(file);
    }
    for (const file of pruned) await this.#remove(file);
    for (const file of left) await this.#setAside(file);
  }

  async #setAside(file: string): Promise<void> {
    await mkdir(this.layout.setAside, { recursive: true });
    const kept = join(this.layout.setAside, `${randomUUID().slice(0, 8)}-${basename(file)}`);
    const { size } = await stat(file);
    await rename(file, kept);
    this.ledger.noteRecovered({
      what: `${relative(this.layout.archive, file)} was written but not committed`,
      kept_as: relative(this.layout.home, kept),
      bytes: size,
    });
  }

  async #remove(file: string): Promise<void> {
    await rm(file, { force: true });
    await syncToDisk(dirname(file));
  }
}

/** The lines of a segment, unverified: `Ledger.open` and `verify` check them. */
export async function* ledgerLines(file: string): AsyncGenerator<LedgerLine> {
  for await (const { bytes, torn } of lines(file)) {
    if (!torn) yield JSON.parse(bytes.toString('utf8')) as LedgerLine;
  }
}

async function firstSeq(file: string): Promise<number> {
  for await (const line of ledgerLines(file)) return line.seq;
  return Number.POSITIVE_INFINITY;
}

export function batchRef(layout: Layout, line: BatchLine): BatchRef {
  return {
    seq: line.seq,
    source: line.source,
    vendor: line.vendor,
    stream: line.stream,
    kind: line.stream_kind,
    organizationId: line.organization_id,
    file: join(layout.archive, line.file),
    longestLine: line.longest_line,
    size: line.size,
    records: line.stored_records,
  };
}

function overlaps({ min_time, max_time }: BatchLine, { from, to }: Window): boolean {
  if (min_time === null || max_time === null) return false;
  return Date.parse(max_time) >= from && Date.parse(min_time) < to;
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
