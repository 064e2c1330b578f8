/** What a run does with each stream: the jobs `sync`, `backfill` and `reconcile`, as the loop over the streams sees them. */
import { prefetch } from '../extract/paging/prefetch.ts';
import { VendorError } from '../errors.ts';
import type { SourceReader, StreamReader } from '../extract/port.ts';
import { isPartEnd, type Millis, type OpenWindow, type Window } from '../model.ts';
import type { ComparedDay, Job } from '../state/ledger-schema.ts';
import type { StreamArchive } from '../state/stream-archive.ts';

export type StreamJob = {
  /** As the ledger calls it. */
  name: Job;
  /** Only a job that reads up to now moves the cursors. */
  movesCursor: boolean;
  concerns(reader: StreamReader): boolean;
  /** Reads one stream into the archive. What it throws ends this stream and no other. */
  read(task: Task): Promise<void>;
};

/** One stream, as a job gets it. */
export type Task = {
  source: SourceReader;
  reader: StreamReader;
  archive: StreamArchive;
  vendorNow: Millis | null;
  now: () => Millis;
  signal: AbortSignal;
  /** Filled in on the way, and kept if the job then fails. */
  notes: StreamNotes;
  /** @param fraction how far in the window, from 0 to 1; null if it cannot be known */
  onProgress(fraction: number | null): void;
};

/** What a job has to say of a stream beyond its counts. */
export type StreamNotes = {
  /** The newest window that was to be read. */
  window: Window | null;
  /** When the oldest event happened that the vendor still serves, if it was asked. */
  oldestServed?: Millis;
  /** How far before the watermark was read again. */
  lookback?: Millis;
  /** The days that were compared with the vendor. */
  compared?: ComparedDay[];
  /** They were chosen by a person: the next comparison does not go on after them. */
  isChosen?: boolean;
};

/** Archives what a window brings, page by page, or the present state where there is no window. Stops when the signal fires. */
export async function archivePages(task: Task, window: OpenWindow | null): Promise<void> {
  const { reader, archive, signal } = task;
  for await (const page of prefetch(reader.read(window))) {
    signal.throwIfAborted();
    await archive.add(page);
    if (!isPartEnd(page)) task.onProgress(page.fraction ?? fractionOf(window, page.place));
  }
}

function fractionOf(window: OpenWindow | null, place: Millis | null): number | null {
  if (window === null) return null;
  return ((place ?? window.place) - window.from) / (window.to - window.from);
}

/**
 * When the oldest event happened that the vendor still serves. Vendors do not say how long they keep their logs, so it is
 * measured. Null where it cannot be found out: that must not make a stream look unread.
 */
export async function oldestServed({ reader, now }: Task): Promise<Millis | null> {
  try {
    return (await reader.oldest?.(now())) ?? null;
  } catch (error) {
    if (error instanceof VendorError) return null;
    throw error;
  }
}
