import { join } from 'node:path';
import type { Archive } from './archive.ts';
import type { Position } from './known.ts';
import { batchesOf } from './ledger-queries.ts';
import { readBatch, type StoredLine } from './read-batch.ts';

export type StoredRecord = {
  at: Position;
  record: Extract<StoredLine, { kind: 'record' }>;
  page: Extract<StoredLine, { kind: 'page' }> | undefined;
};

/** Reads archived records at known positions: the table of known records holds no ids, only where they are. */
export async function* recordsAt(
  archive: Archive,
  { source, stream }: { source: string; stream: string },
  positions: readonly Position[],
): AsyncGenerator<StoredRecord> {
  const seqs = new Set(positions.map((position) => position.seq));
  if (seqs.size === 0) return;
  const first = Math.min(...seqs);
  for (const { seq, file } of await batchesOf(archive, source, stream, { base: first })) {
    if (!seqs.has(seq)) continue;
    const wanted = new Set(positions.filter((p) => p.seq === seq).map((p) => p.n));
    const pages = new Map<number, StoredRecord['page']>();
    for (const line of await readBatch(join(archive.layout.archive, file))) {
      if (line.kind === 'page') pages.set(line.page, line);
      if (line.kind !== 'record' || !wanted.has(line.n)) continue;
      yield { at: { seq, n: line.n }, record: line, page: pages.get(line.page) };
    }
  }
}
