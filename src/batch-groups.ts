import type { BatchRef } from './model.ts';

/** Uncompressed bytes given to DuckDB in one go: enough to make it quick, little enough to stay small. */
const GROUP_BYTES = 12 * 1024 * 1024;

/** Puts batches together, in order, into portions that fit the loader's memory. */
export async function* batchGroups(
  batches: AsyncIterable<BatchRef> | Iterable<BatchRef>,
): AsyncGenerator<BatchRef[]> {
  let group: BatchRef[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    group.push(batch);
    bytes += batch.size;
    if (bytes < GROUP_BYTES) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}
