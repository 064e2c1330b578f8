import type { Millis } from '../model.ts';
import type { CommitCounts } from './archive.ts';
import { BatchBuilder } from './batch.ts';

/** Uncompressed. Larger batches cost the loader memory, smaller ones cost fsyncs. */
const FULL_BYTES = 3 * 1024 * 1024;

/** A slow source commits at least this often, so that a crash costs little. */
const DUE_AFTER_MS = 10_000;

/** The batch that a stream is filling, and what its ledger line will count. */
export class OpenBatch {
  readonly lines = new BatchBuilder();
  readonly counts: CommitCounts = { pages: 0, records: 0, new: 0, changed: 0 };
  readonly #since: Millis;

  constructor(now: Millis) {
    this.#since = now;
  }

  /** Without news there is no batch: pages alone are summed up in the line that closes the run. */
  get hasNews(): boolean {
    return this.lines.records + this.lines.absent + this.lines.findings > 0;
  }

  get isFull(): boolean {
    return this.lines.size >= FULL_BYTES;
  }

  isDue(now: Millis): boolean {
    return this.isFull || (this.hasNews && now - this.#since > DUE_AFTER_MS);
  }
}
