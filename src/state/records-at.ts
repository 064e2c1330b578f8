import { keyAsKept } from '../platform/key.ts';
import type { Archive } from './archive.ts';
import type { BatchBuilder } from './batch.ts';
import type { Position } from './known.ts';
import { batchesOf } from './ledger-queries.ts';
import { bytesOf, readBatch, type StoredLine } from './read-batch.ts';

export type StoredRecord = {
  at: Position;
  record: Extract<StoredLine, { kind: 'record' }>;
  page: Extract<StoredLine, { kind: 'page' }> | undefined;
};

/** Reads archived records by their position: the table of known records holds no keys, only where the records are. */
export async function* recordsAt(
  archive: Archive,
  { source, stream }: { source: string; stream: string },
  positions: readonly Position[],
): AsyncGenerator<StoredRecord> {
  const seqs = new Set(positions.map((position) => position.seq));
  if (seqs.size === 0) return;
  const first = Math.min(...seqs);
  for (const batch of await batchesOf(archive, source, stream, { base: first })) {
    const { seq } = batch;
    if (!seqs.has(seq)) continue;
    const wanted = new Set(positions.filter((p) => p.seq === seq).map((p) => p.n));
    const pages = new Map<number, StoredRecord['page']>();
    for (const line of await readBatch(archive.layout, batch)) {
      if (line.kind === 'page') pages.set(line.page, line);
      if (line.kind !== 'record' || !wanted.has(line.n)) continue;
      yield { at: { seq, n: line.n }, record: line, page: pages.get(line.page) };
    }
  }
}

/** Copies archived records into a new batch, as they were archived and with the pages that brought them. */
export class RecordCopier {
  readonly #batch: BatchBuilder;
  /** The numbers that the pages of older batches have in this one. */
  readonly #pages = new Map<NonNullable<StoredRecord['page']>, number>();

  constructor(batch: BatchBuilder) {
    this.#batch = batch;
  }

  copy({ record, page }: StoredRecord): void {
    if (page === undefined) return;
    const { kind: _kind, n: _n, page: _number, ...note } = page;
    const number = this.#pages.get(page) ?? this.#batch.page({ ...note, at: Date.parse(note.at) });
    this.#pages.set(page, number);
    const time = record.time === null ? null : Date.parse(record.time);
    this.#batch.record(number, keyAsKept(record.key), time, bytesOf(record), record.stray);
  }
}
