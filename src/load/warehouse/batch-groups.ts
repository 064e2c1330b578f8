import type { BatchRef } from '../../model.ts';

/**
 * Uncompressed bytes per group: four batches of the usual size. Fewer would cost time per statement, more would cost memory.
 */
const GROUP_BYTES = 13 * 1024 * 1024;

/** Groups batches, in order, so that each group fits the loader's memory. A larger batch is a group by itself. */
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
