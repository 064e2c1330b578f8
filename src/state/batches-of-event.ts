import { KINDS } from '../model.ts';
import type { Archive } from './archive.ts';
import { readBatch } from './read-batch.ts';
import type { BatchLine } from './ledger-schema.ts';

/**
 * The batches that hold any revision of an event. Reads every log batch of the event's source, because an older revision may have
 * had another time.
 */
export async function* batchesOfEvent(archive: Archive, uid: string): AsyncGenerator<BatchLine> {
  for await (const batch of archive.batchLines(0)) {
    if (!KINDS[batch.stream_kind].hasEvents || !uid.startsWith(`${batch.source}:`)) continue;
    const key = uid.slice(batch.source.length + 1);
    const lines = await readBatch(archive.layout, batch);
    if (lines.some((line) => line.kind === 'record' && line.key === key)) yield batch;
  }
}
