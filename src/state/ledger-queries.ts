/** Questions that the ledger answers by itself, without opening a batch. */
import type { Millis, Window } from '../model.ts';
import { DAY } from '../platform/time.ts';
import type { Archive } from './archive.ts';
import { streamKey } from './carried.ts';
import { type BatchLine, jobOf, type OpenLine, type ReadingLine } from './ledger-schema.ts';

/** The last `count` runs that asked vendors, oldest first. */
export async function lastRuns(archive: Archive, count: number): Promise<ReadingLine[]> {
  const runs: ReadingLine[] = [];
  const segments = await archive.segments();
  for (let i = segments.files.length - 1; i >= 0; i -= 1) {
    const inSegment: ReadingLine[] = [];
    for await (const line of segments.lines(i)) {
      if (line.kind !== 'run') continue;
      const job = jobOf(line);
      if (job !== 'detect' && job !== 'close') inSegment.push({ ...line, job });
    }
    runs.unshift(...inSegment);
    if (runs.length >= count) break;
  }
  return runs.slice(-count);
}

const NIGHTS = 14;

/**
 * What a day adds to the archive, in bytes of its files: the mean of the last days, without the first day of all, which brought
 * what the vendors had kept. Null while there is no day but the first.
 */
export async function archivedPerDay(archive: Archive, now: Millis): Promise<number | null> {
  const segments = await archive.segments();
  const added: { at: Millis; bytes: number }[] = [];
  let since = segments.files.length === 0 ? now : now - NIGHTS * DAY;
  for (let i = segments.files.length - 1; i >= 0; i -= 1) {
    let openedAt = now;
    for await (const line of segments.lines(i)) {
      const at = Date.parse(line.at);
      if (line.kind === 'open') openedAt = at;
      if (line.kind === 'batch') added.push({ at, bytes: line.file_bytes });
    }
    if (i === 0) since = Math.max(since, nextDay(openedAt));
    if (openedAt <= since) break;
  }
  const bytes = added.reduce((sum, each) => sum + (each.at < since ? 0 : each.bytes), 0);
  return now - since < DAY ? null : (bytes / (now - since)) * DAY;
}

function nextDay(at: Millis): Millis {
  return (Math.floor(at / DAY) + 1) * DAY;
}

/** When the pruned events of a stream happened, one window per batch. */
export async function prunedWindows(
  archive: Archive,
  source: string,
  stream: string,
): Promise<Window[]> {
  const windows: Window[] = [];
  if (archive.ledger.state.pruned.at === 0) return windows;
  for await (const line of archive.linesAfter(0)) {
    if (!isBatchOf(line, source, stream)) continue;
    if (!archive.isPruned(line.seq) || line.min_time === null) continue;
    const to = Date.parse(line.max_time ?? line.min_time);
    windows.push({ from: Date.parse(line.min_time), to });
  }
  return windows;
}

/**
 * The batches of a stream that may hold events of a window, or that make up the present state of a snapshot from seq `base` on.
 * Goes back only as far as a segment's opening line says that there is more to find.
 */
export async function batchesOf(
  archive: Archive,
  source: string,
  stream: string,
  since: Window | { base: number },
): Promise<BatchLine[]> {
  const found: BatchLine[] = [];
  const segments = await archive.segments();
  for (let i = segments.files.length - 1; i >= 0; i -= 1) {
    const inSegment: BatchLine[] = [];
    let isMoreBefore = false;
    for await (const line of segments.lines(i)) {
      if (line.kind === 'open') isMoreBefore = hasMoreBefore(line, source, stream, since);
      else if (isBatchOf(line, source, stream)) {
        if (!archive.isPruned(line.seq) && mayHold(line, since)) inSegment.push(line);
      }
    }
    found.unshift(...inSegment);
    if (!isMoreBefore) break;
  }
  return found;
}

function isBatchOf(
  line: { kind: string; source?: unknown; stream?: unknown },
  source: string,
  stream: string,
): line is BatchLine {
  return line.kind === 'batch' && line.source === source && line.stream === stream;
}

function hasMoreBefore(
  opening: OpenLine,
  source: string,
  stream: string,
  since: Window | { base: number },
): boolean {
  if ('base' in since) return opening.seq > since.base;
  const maxTime = opening.totals[streamKey(source, stream)]?.max_time ?? null;
  return maxTime !== null && Date.parse(maxTime) >= since.from;
}

/** Whether a batch may hold events of a window, or of the present state of a snapshot. */
export function mayHold(batch: BatchLine, since: Window | { base: number }): boolean {
  if ('base' in since) return batch.seq >= since.base;
  if (batch.untimed_records > 0 || batch.absent_records > 0) return true;
  if (batch.min_time === null || batch.max_time === null) return false;
  return Date.parse(batch.max_time) >= since.from && Date.parse(batch.min_time) < since.to;
}
