import type { BatchRef } from '../../model.ts';

/**
 * Uncompressed bytes given to DuckDB in one go: four batches of the usual size, enough to make it quick and little enough
 * to stay small.
 */
const GROUP_BYTES = 13 * 1024 * 1024;

/** Puts batches together, in order, into portions that fit the loader's memory. One that is larger is alone. */
export async function* batchGroups(
  batches: AsyncIterable<BatchRef> | Iterable<BatchRef>,
): AsyncGenerator<BatchRef[]> {
  let group: BatchRef[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    if (group.length > 0 && bytes + batch.size > GROUP_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(batch);
    bytes += batch.size;
  }
  if (group.length > 0) yield group;
}
