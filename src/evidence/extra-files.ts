/** Files in the archive that no ledger line accounts for. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { batchFiles, prunedSeq } from '../state/batch-files.ts';
import type { SeqRange } from '../state/carried.ts';
import { type Layout, seqOfBatch } from '../state/layout.ts';
import { readLines } from '../state/lines.ts';
import { unseal } from '../state/seal.ts';
import { isSegmentFile, segmentFiles } from '../state/segments.ts';
import { type Fault, faultAt } from './faults.ts';

/** How many files there are, and which of them are none: what a link points to can change without a trace in the archive. */
export async function surveyFiles(layout: Layout): Promise<{ count: number; links: Fault[] }> {
  let count = 0;
  const links: Fault[] = [];
  for await (const { path, isPlain } of batchFiles(layout)) {
    count += 1;
    if (isPlain) continue;
    const file = relative(layout.archive, path);
    const what = 'this is a link or the like; the archive holds plain files only';
    links.push(await faultAt(layout, { file, seq: seqOfBatch(basename(path)), what }));
  }
  return { count, links };
}

/**
 * Files that no line mentions, then pruned batches whose file is still there: a crash hit after the ledger recorded the removal.
 *
 * @param isSuspect whether there may be files that no line mentions; only then are all names held in memory
 */
export async function extraFiles(
  layout: Layout,
  pruned: readonly SeqRange[],
  isSuspect: boolean,
): Promise<Fault[]> {
  if (!isSuspect && pruned.length === 0) return [];
  const unexplained = new Set<string>();
  const undeleted: Fault[] = [];
  for await (const { path } of batchFiles(layout)) {
    const file = relative(layout.archive, path);
    if (isSuspect) unexplained.add(file);
    const seq = prunedSeq(path, pruned);
    if (seq === null) continue;
    const what = 'the batch was pruned, but is still there: the next run deletes it';
    undeleted.push(await faultAt(layout, { file, seq, what }));
  }
  for (const file of unexplained.size > 0 ? await segmentFiles(layout) : []) {
    for await (const { bytes } of readLines(file)) {
      const unsealed = unseal(bytes);
      if ('line' in unsealed && unsealed.line.kind === 'batch') {
        unexplained.delete(unsealed.line.file);
      }
    }
  }
  const what =
    'no readable ledger line mentions this file: a crash just now (the next run sets it aside), a broken line, or somebody put it there';
  const extra = [...unexplained].toSorted().map((file) => faultAt(layout, { file, what }));
  return [...(await Promise.all(extra)), ...undeleted];
}

/** Whatever is in the ledger's folder besides segments. */
export async function unexpectedLedgerFiles(layout: Layout): Promise<Fault[]> {
  const entries = await entriesOf(layout.ledger);
  const unexpected = entries.filter((entry) => !entry.isFile() || !isSegmentFile(entry.name));
  return await Promise.all(
    unexpected.map(({ name }) =>
      faultAt(layout, { file: `ledger/${name}`, what: 'not a ledger segment' }),
    ),
  );
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
