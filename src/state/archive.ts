import { hash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { BatchRef, Cursor, Millis } from '../model.ts';
import { asDiskError } from '../platform/disk-error.ts';
import { makeFolder, removeDurably, writeDurably } from '../platform/durable.ts';
import { isoOrNull } from '../platform/time.ts';
import type { BatchBuilder, BatchHead } from './batch.ts';
import { CheckedSegments } from './checked-segments.ts';
import { clearLeftovers } from './leftovers.ts';
import { batchPath, type Layout } from './layout.ts';
import { Ledger } from './ledger.ts';
import type {
  BatchLine,
  DeliveryEntry,
  KeptOut,
  LedgerLine,
  LineRef,
  RunEntry,
} from './ledger-schema.ts';
import { firstAfter, mustBePlain } from './segments.ts';
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
   * For the holder of the run lock. Cleans up what a crash left behind.
   *
   * @param signing signs what is appended; null for an unsigned ledger
   */
  static async openForWriting(
    layout: Layout,
    now: () => number,
    signing: Signing | null = null,
  ): Promise<Archive> {
    try {
      const ledger = await Ledger.open(layout, now, true, signing);
      await clearLeftovers(layout, ledger);
      return new Archive(layout, ledger);
    } catch (error) {
      throw asDiskError(error, layout.home);
    }
  }

  /** For readers, also during a run. They see what is committed and change nothing. */
  static async openForReading(layout: Layout): Promise<Archive> {
    return new Archive(layout, await Ledger.open(layout, Date.now, false));
  }

  /**
   * Writes a batch and commits it with its cursor. Once this returns, no crash can undo it; if it throws, it did not
   * happen.
   */
  async commit(
    runId: string,
    head: BatchHead,
    batch: BatchBuilder,
    counts: CommitCounts,
    cursor: (seq: number) => Cursor,
  ): Promise<BatchRef> {
    const line = await this.ledger.append(async (seq, at) => {
      const path = batchPath(head.source, head.stream, this.#dayFor(at), seq);
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

  /**
   * No batch lies before the newest line: where the next run looks for what this one leaves behind if it dies. So a clock that was
   * ahead and is right again hides nothing.
   */
  #dayFor(now: Millis): Millis {
    return Math.max(now, Date.parse(this.ledger.head?.at ?? '') || 0);
  }

  async closeRun(entry: RunEntry): Promise<void> {
    await this.ledger.append(async () => entry);
  }

  async noteDelivery(entry: DeliveryEntry): Promise<void> {
    await this.ledger.append(async () => entry);
  }

  /**
   * Removes batches for good. The ledger records it first, then the files are deleted: a crash in between leaves work for the
   * next run, never a file that is missing without explanation.
   */
  async prune(batches: readonly BatchLine[], reason: string, keptOut: KeptOut): Promise<void> {
    await this.ledger.append(async () => ({
      kind: 'prune',
      reason,
      seqs: rangesOf(batches.map((batch) => batch.seq)),
      batches: batches.length,
      records: recordsIn(batches),
      ...(Object.keys(keptOut).length === 0 ? {} : { kept_out: keptOut }),
    }));
    for (const { file } of batches) await removeDurably(join(this.layout.archive, file));
  }

  isPruned(seq: number): boolean {
    return contains(this.ledger.state.pruned.seqs, seq);
  }

  /** The segments up to the last line that this archive knows. */
  async segments(): Promise<CheckedSegments> {
    return await CheckedSegments.of(this.layout, this.ledger.checked);
  }

  /** The lines after a seq. */
  async *linesAfter(seq: number): AsyncGenerator<LedgerLine> {
    yield* (await this.segments()).after(seq);
  }

  /** Whether the ledger has a line: where it is no longer, the end was cut off. */
  async hasLine({ seq, sha256 }: LineRef): Promise<boolean> {
    let isThere = false;
    // Read to the end, where it turns out whether the ledger is as it was checked.
    for await (const line of this.linesAfter(seq - 1)) {
      if (line.seq === seq) isThere = (line as LedgerLine & LineRef).sha256 === sha256;
    }
    return isThere;
  }

  /**
   * The ledger's segment files, oldest first.
   *
   * @param afterSeq only those that may have a line after it
   * @throws AuditlakeError `integrity` if one is no plain file: DuckDB, which is given them, would wait at a pipe for ever
   */
  async segmentFiles(afterSeq = 0): Promise<string[]> {
    const { files: all } = await this.segments();
    const files = all.slice(await firstAfter(all, afterSeq));
    for (const file of files) await mustBePlain(file);
    return files;
  }

  /** All committed batches after a seq, except pruned ones, in order. */
  async *batches(afterSeq: number): AsyncGenerator<BatchRef> {
    for await (const line of this.batchLines(afterSeq)) yield batchRef(this.layout, line);
  }

  /** The same batches as the ledger describes them. */
  async *batchLines(afterSeq: number): AsyncGenerator<BatchLine> {
    for await (const line of this.linesAfter(afterSeq)) {
      if (line.kind === 'batch' && !this.isPruned(line.seq)) yield line;
    }
  }

  /** Whether there are batches after a seq: what a warehouse at it lacks of the vendors' records. */
  async hasBatches(afterSeq: number): Promise<boolean> {
    for await (const _ of this.batchLines(afterSeq)) return true;
    return false;
  }

  /** Whether anything after a seq shows in the warehouse: a batch, or dead letters of a delivery. */
  async hasNews(afterSeq: number): Promise<boolean> {
    for await (const line of this.linesAfter(afterSeq)) {
      if (line.kind === 'batch' && !this.isPruned(line.seq)) return true;
      if (line.kind === 'delivery' && line.set_aside.length > 0) return true;
    }
    return false;
  }
}

/** As a prune counts them: a note that something is no longer served is none. */
export function recordsIn(batches: readonly BatchLine[]): number {
  return batches.reduce((sum, batch) => sum + batch.new_records + batch.changed_records, 0);
}

/** A committed batch, as the loader takes it. */
function batchRef(layout: Layout, line: BatchLine): BatchRef {
  return {
    seq: line.seq,
    source: line.source,
    vendor: line.vendor,
    stream: line.stream,
    kind: line.stream_kind,
    organizationId: line.organization_id,
    file: join(layout.archive, line.file),
    sha256: line.file_sha256,
    longestLine: line.longest_line,
    size: line.size,
    records: line.stored_records,
  };
}
