import type { Millis, OpenWindow } from '../model.ts';
import type { Archive } from './archive.ts';
import type { Known } from './known.ts';
import type { BatchLine } from './ledger-schema.ts';
import { bytesOf, readBatch } from './read-batch.ts';

/** Records up to this far outside the window being read are remembered too. */
export const MARGIN_MS = 3_600_000;

/**
 * Loads the records of archived batches, in the order in which they were committed.
 *
 * @param window leaves out records that cannot be served in it: a batch holds more than that; null loads all
 */
export async function loadKnown(
  known: Known,
  archive: Archive,
  batches: readonly BatchLine[],
  window: OpenWindow | null,
): Promise<void> {
  for (const batch of batches) {
    const { seq } = batch;
    const contexts = new Map<number, string>();
    for (const line of await readBatch(archive.layout, batch)) {
      if (line.kind === 'page' && line.context !== undefined) {
        contexts.set(line.page, JSON.stringify(line.context));
      } else if (line.kind === 'absent') known.forget(line.key);
      else if (line.kind === 'record') {
        const time = line.time === null ? null : Date.parse(line.time);
        if (time !== null && window !== null && isOutside(time, window)) continue;
        const context = contexts.get(line.page) ?? '';
        known.load(line.key, bytesOf(line), context, time, { seq, n: line.n });
      }
    }
  }
}

function isOutside(time: Millis, { place, to }: OpenWindow): boolean {
  return time < place - MARGIN_MS || time >= to + MARGIN_MS;
}
