import { batchGroups } from '../load/warehouse/batch-groups.ts';
import { messageOf } from '../errors.ts';
import { isDamage } from '../load/database.ts';
import type { BatchRef, Countries, StatedPeople, Transform } from '../model.ts';
import { sha256OfFile } from '../platform/durable.ts';
import type { Report } from '../platform/progress.ts';
import type { Archive } from '../state/archive.ts';
import { alteredBatch, unreadableBatch } from '../state/read-batch.ts';
import {
  beginGeneration,
  type Generation,
  isInPlace,
  type Published,
  removeFormer,
} from '../load/warehouse/begin.ts';
import { stampOf } from '../load/warehouse/mark.ts';
import type { Notary } from '../platform/notary.ts';

/**
 * As much as a full batch. Loading costs about the same for one small batch as for all of a night: they wait for one another,
 * at most until the vendor has been read.
 */
const ENOUGH_BYTES = 3 * 1024 * 1024;

/** Loading a byte takes about as long as copying so many. */
const COPIED_PER_LOADED = 10;

/** What was published, and how many rows were loaded into it. */
export type Loaded = { published: Published; rows: number };

type LoaderOptions = {
  home: string;
  transform: Transform;
  people: StatedPeople;
  countries: Countries;
  /** As for a generation. */
  notary: Notary | null;
  /** The warehouse is made from nothing, whatever is published. */
  isFresh: boolean;
  /** Called with the reason why the warehouse has to be made anew, where nobody asked for that. */
  onMessage: (text: string) => void;
};

/**
 * Brings the warehouse up to the archive while the vendor is still being read: batches are applied as soon as enough of them
 * are committed. A warehouse that is missing, altered or of another mapping is made anew from the archive.
 */
export class Loader {
  readonly #archive: Archive;
  readonly #published: Published | null;
  readonly #options: LoaderOptions;
  /** What was pruned must not stay in the former generation either, which is kept for its readers otherwise. */
  #erases = false;
  #startsAnew: boolean;
  /** That a first run has no warehouse is no news. */
  readonly #hadData: boolean;
  #generation: Generation | null = null;
  #rows = 0;
  /** Nobody waits for what is loaded while the vendor is being read. */
  #report: Report = () => undefined;
  #queue: BatchRef[] = [];
  #working: Promise<void> = Promise.resolve();
  #failure: unknown = null;

  /** @param published what the run goes on from; null if nothing is */
  constructor(archive: Archive, published: Published | null, options: LoaderOptions) {
    this.#archive = archive;
    this.#published = published;
    this.#options = options;
    const { seq } = archive.ledger.state;
    this.#hadData = seq > 0;
    // With it, what comes next would be taken for loaded, and for judged and delivered.
    this.#startsAnew = published !== null && published.seq > seq;
    if (this.#startsAnew) options.onMessage(isAhead(published, seq));
  }

  /** Hands over a batch that has been committed. Only its name waits here, not its data. */
  offer(batch: BatchRef): void {
    this.#queue.push(batch);
    this.#working = this.#working
      .then(() => this.#work(ENOUGH_BYTES))
      .catch((error: unknown) => {
        this.#failure ??= error;
      });
  }

  /** Loads what is left, saying how far it is, and publishes. @returns null if the warehouse was up to date */
  async finish(report: Report): Promise<Loaded | null> {
    this.#report = report;
    await this.#working;
    try {
      if (this.#failure === null && this.#generation === null && !(await this.#isBehind())) {
        return null;
      }
      return await this.#publish().catch((error: unknown) => this.#publishAnew(error));
    } finally {
      await this.#generation?.finish();
    }
  }

  async #publish(): Promise<Loaded> {
    if (this.#failure !== null) throw this.#failure;
    const generation = await this.#begin();
    await this.#work(0);
    const files = await this.#archive.segmentFiles(generation.baseSeq);
    const { seq } = this.#archive.ledger.state;
    const published = await generation.publish({ files, seq });
    this.#generation = null;
    if (this.#erases) await removeFormer(this.#options.home);
    return { published, rows: this.#rows };
  }

  /** What DuckDB finds damaged in a file that earlier runs made, it cannot mend; the archive can. */
  async #publishAnew(error: unknown): Promise<Loaded> {
    const base = this.#generation?.baseSeq ?? 0;
    if (base === 0 || !isDamage(error)) throw error;
    await this.#generation?.finish();
    this.#generation = null;
    this.#failure = null;
    this.#queue = [];
    this.#rows = 0;
    this.#startsAnew = true;
    this.#options.onMessage(
      `the warehouse is damaged (${messageOf(error)}): it is built anew from the archive`,
    );
    return await this.#publish();
  }

  async #isBehind(): Promise<boolean> {
    const published = this.#published;
    const { home, transform, people, countries, isFresh, notary } = this.#options;
    if (isFresh || this.#startsAnew || published?.transform_version !== transform.version)
      return true;
    if (published.people_version !== people.version) return true;
    if (published.countries_version !== countries.version) return true;
    if (!(await isInPlace(home, published, notary))) return true;
    if (this.#isPrunedSince(published.seq)) return true;
    return this.#archive.hasNews(published.seq);
  }

  /** What was removed from the archive has to leave the warehouse, with all that was derived from it. */
  #isPrunedSince(seq: number): boolean {
    return this.#archive.ledger.state.pruned.at > seq;
  }

  async #begin(): Promise<Generation> {
    if (this.#generation !== null) return this.#generation;
    const published = this.#published;
    this.#erases = published !== null && this.#isPrunedSince(published.seq);
    const isFresh = this.#options.isFresh || this.#erases || this.#startsAnew;
    const mayUseFormer = !isFresh && (await this.#isLittleSinceFormer());
    const generation = await beginGeneration(this.#options, {
      fresh: isFresh,
      published,
      mayUseFormer,
    });
    this.#generation = generation;
    if (generation.startedEmptyBecause !== null && this.#hadData && !isFresh) {
      this.#options.onMessage(generation.startedEmptyBecause);
    }
    let last: BatchRef[] = [];
    for await (const group of batchGroups(this.#backlog(generation.baseSeq))) {
      if (last.length > 0) await this.#apply(last);
      last = group;
    }
    // The rest, mostly what the last run loaded, goes with what is new: the statements take longer than the rows of a night.
    this.#queue = [...last, ...this.#queue];
    return generation;
  }

  /** Whether it takes less to load again what the last run loaded than to copy the warehouse. */
  async #isLittleSinceFormer(): Promise<boolean> {
    const { former = null, seq = 0, bytes = 0 } = this.#published ?? {};
    // A run that was killed may not have removed the one that has what was pruned since.
    if (former === null || this.#isPrunedSince(former.seq)) return false;
    let left = bytes / COPIED_PER_LOADED;
    for await (const batch of this.#archive.batches(former.seq)) {
      if (batch.seq > seq) break;
      left -= batch.size;
      if (left < 0) return false;
    }
    return true;
  }

  /** What an earlier run archived and did not get to load. */
  async *#backlog(baseSeq: number): AsyncGenerator<BatchRef> {
    const [first] = this.#queue;
    for await (const batch of this.#archive.batches(baseSeq)) {
      // Read on to the end, where it turns out whether the ledger is as it was checked.
      if (first !== undefined && batch.seq >= first.seq) continue;
      yield batch;
    }
  }

  /** Applies what waits, if there is so much of it. */
  async #work(leastBytes: number): Promise<void> {
    if (this.#failure !== null) return;
    await this.#begin();
    while (this.#queue.length > 0 && bytesOf(this.#queue) >= leastBytes) {
      const waiting = this.#queue;
      this.#queue = [];
      for await (const group of batchGroups(waiting)) await this.#apply(group);
    }
  }

  /** How far in the ledger a batch is, from where the generation began. */
  #fractionAt(batch: BatchRef | undefined): number | null {
    const from = this.#generation?.baseSeq ?? 0;
    const length = this.#archive.ledger.state.seq - from;
    return batch === undefined || length <= 0 ? null : (batch.seq - from) / length;
  }

  async #apply(batches: BatchRef[]): Promise<void> {
    // DuckDB opens them again: what was changed in between, and changed back, must not be in a warehouse either.
    const before = await stampsOf(batches);
    for (const batch of batches) await mustBeCommitted(batch);
    const applied = await this.#generation?.apply(batches);
    const after = await stampsOf(batches);
    const changed = batches.find((_, i) => before[i] !== after[i]);
    if (changed !== undefined) throw alteredBatch(changed);
    this.#rows += applied?.rows ?? 0;
    this.#report({ done: this.#rows, unit: 'rows', fraction: this.#fractionAt(batches.at(-1)) });
  }
}

function bytesOf(batches: readonly BatchRef[]): number {
  return batches.reduce((sum, { size }) => sum + size, 0);
}

/** Of a file that is not there, nothing. */
async function stampsOf(batches: readonly BatchRef[]): Promise<(string | null)[]> {
  return await Promise.all(batches.map(({ file }) => stampOf(file).catch(() => null)));
}

/** A row of the warehouse comes from what was committed, or from nothing. */
async function mustBeCommitted(batch: BatchRef): Promise<void> {
  let found: string;
  try {
    found = await sha256OfFile(batch.file);
  } catch (error) {
    throw unreadableBatch(batch, error);
  }
  if (found !== batch.sha256) throw alteredBatch(batch);
}

function isAhead(published: Published | null, seq: number): string {
  return `the warehouse has everything up to seq ${published?.seq}, and the ledger ends with ${seq}: the archive was cut or restored from an older copy, or somebody wrote into warehouse/current.json. The warehouse is built anew from the archive`;
}
