import { access, constants } from 'node:fs/promises';
import { batchGroups } from '../load/warehouse/batch-groups.ts';
import { integrityError } from '../errors.ts';
import type { BatchRef, Transform } from '../model.ts';
import type { Archive } from '../state/archive.ts';
import {
  beginGeneration,
  isInPlace,
  publishedGeneration,
  removeFormer,
  type Generation,
} from '../load/warehouse/begin.ts';

export type LoadResult = { seq: number; rows: number } | null;

/**
 * Brings the warehouse up to the archive, beside the extraction: a batch is applied as soon as it is committed. A
 * warehouse that is missing, altered or of another mapping is made anew from the archive.
 */
export class Loader {
  readonly #archive: Archive;
  readonly #options: { home: string; transform: Transform; onMessage(text: string): void };
  /** A first run has no warehouse, and nobody needs to be told. */
  readonly #hadData: boolean;
  #generation: Generation | null = null;
  /** What was pruned must not stay in the former generation either, which is kept for its readers otherwise. */
  #erases = false;
  #rows = 0;
  #queue: BatchRef[] = [];
  #working: Promise<void> = Promise.resolve();
  #failure: unknown = null;

  constructor(
    archive: Archive,
    options: { home: string; transform: Transform; onMessage(text: string): void },
  ) {
    this.#archive = archive;
    this.#options = options;
    this.#hadData = archive.ledger.state.seq > 0;
  }

  /** Hands over a batch that has been committed. Only its name waits here, not its data. */
  offer(batch: BatchRef): void {
    this.#queue.push(batch);
    this.#working = this.#working
      .then(() => this.#work())
      .catch((error: unknown) => {
        this.#failure ??= error;
      });
  }

  /** @returns what was published, or null if the warehouse was up to date */
  async finish(ask: { fresh: boolean } = { fresh: false }): Promise<LoadResult> {
    await this.#working;
    try {
      if (this.#failure !== null) throw this.#failure;
      if (this.#generation === null && !ask.fresh && !(await this.#isBehind())) return null;
      await this.#begin(ask.fresh);
      await this.#work();
      const files = await this.#archive.segmentFiles();
      const { seq } = this.#archive.ledger.state;
      await this.#generation?.publish({ files, seq });
      this.#generation = null;
      if (this.#erases) await removeFormer(this.#options.home);
      return { seq, rows: this.#rows };
    } finally {
      await this.#generation?.finish();
    }
  }

  async #isBehind(): Promise<boolean> {
    const published = await publishedGeneration(this.#options.home);
    if (published?.transform_version !== this.#options.transform.version) return true;
    if (!(await isInPlace(this.#options.home, published))) return true;
    if (this.#isPrunedSince(published.seq)) return true;
    return this.#archive.hasNews(published.seq);
  }

  /** What was removed from the archive has to leave the warehouse, with all that was derived from it. */
  #isPrunedSince(seq: number): boolean {
    return this.#archive.ledger.state.pruned.at > seq;
  }

  async #begin(fresh: boolean): Promise<void> {
    if (this.#generation !== null) return;
    const published = await publishedGeneration(this.#options.home);
    this.#erases = published !== null && this.#isPrunedSince(published.seq);
    const generation = await beginGeneration(this.#options, { fresh: fresh || this.#erases });
    this.#generation = generation;
    if (generation.startedEmptyBecause !== null && this.#hadData) {
      this.#options.onMessage(generation.startedEmptyBecause);
    }
    // What an earlier run archived and did not get to load. The queue's batches are among them.
    this.#queue = [];
    for await (const group of batchGroups(this.#archive.batches(generation.baseSeq))) {
      await this.#apply(group);
    }
  }

  async #work(): Promise<void> {
    if (this.#failure !== null) return;
    await this.#begin(false);
    while (this.#queue.length > 0) {
      const waiting = this.#queue;
      this.#queue = [];
      for await (const group of batchGroups(waiting)) await this.#apply(group);
    }
  }

  async #apply(batches: BatchRef[]): Promise<void> {
    try {
      const applied = await this.#generation?.apply(batches);
      this.#rows += applied?.rows ?? 0;
    } catch (error) {
      for (const { file, seq } of batches) {
        const is = await access(file, constants.R_OK).then(
          () => true,
          () => false,
        );
        if (is) continue;
        throw integrityError(
          `the batch ${file} (seq ${seq}) is missing or cannot be read`,
          '`auditlake verify` lists all that is wrong with the archive; put the file back from a copy',
          error,
        );
      }
      throw error;
    }
  }
}
