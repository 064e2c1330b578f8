import type { Millis, Window } from '../model.ts';
import { isCredible } from '../platform/instant.ts';
import { keyAsKept } from '../platform/key.ts';
import type { Archive } from './archive.ts';
import type { Known } from './known.ts';
import type { BatchLine } from './ledger-schema.ts';
import { bytesOf, readBatch, type StoredLine } from './read-batch.ts';

type StoredPage = Extract<StoredLine, { kind: 'page' }>;
type StoredRecord = Extract<StoredLine, { kind: 'record' }>;

/**
 * Loads the records of archived batches.
 *
 * @param wanted leaves out records by their time, since a batch holds more than can be served; null loads all. Where a
 *   time steers nothing, it does not keep a record out either
 */
export async function loadKnown(
  known: Known,
  archive: Archive,
  batches: readonly BatchLine[],
  wanted: ((time: Millis) => boolean) | null,
): Promise<void> {
  for (const batch of batches) {
    const { seq } = batch;
    const pages = new Map<number, StoredPage>();
    for (const line of await readBatch(archive.layout, batch)) {
      if (line.kind === 'page') pages.set(line.page, line);
      else if (line.kind === 'absent') known.forget(keyAsKept(line.key), seq);
      else if (line.kind === 'record') {
        const page = pages.get(line.page);
        const time = steeringTime(line, page);
        if (time !== null && wanted !== null && !wanted(time)) continue;
        const context = page?.context === undefined ? '' : JSON.stringify(page.context);
        known.load(keyAsKept(line.key), bytesOf(line), context, time, { seq, n: line.n });
      }
    }
  }
}

/** Earlier versions did not mark a time that steers nothing. */
function steeringTime({ time, stray }: StoredRecord, page: StoredPage | undefined): Millis | null {
  if (time === null || stray === true) return null;
  const at = Date.parse(time);
  return page === undefined || isCredible(at, Date.parse(page.at)) ? at : null;
}

/** Whether a time lies in one of some windows. */
export function isIn(windows: readonly Window[]): (time: Millis) => boolean {
  return (time) => windows.some(({ from, to }) => time >= from && time < to);
}
