/** Files in the archive that no ledger line accounts for. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import { isAbsent } from '../platform/plain-file.ts';
import { batchFiles, isUncommitted, prunedSeq } from '../state/batch-files.ts';
import type { SeqRange } from '../state/carried.ts';
import { type Layout, seqOfBatch } from '../state/layout.ts';
import { readLines } from '../state/lines.ts';
import { unseal } from '../state/seal.ts';
import { isSegmentFile, segmentFiles } from '../state/segments.ts';
import { type Faults, MOST_BROKEN } from './faults.ts';

/**
 * How many files there are; which of them are none is a fault: what a link points to can change without a trace in the archive.
 */
export async function surveyFiles(layout: Layout, faults: Faults): Promise<number> {
  let count = 0;
  for await (const { path, isPlain } of batchFiles(layout)) {
    count += 1;
    if (isPlain) continue;
    const file = relative(layout.archive, path);
    const what =
      'this is a link or the like, or a folder where there is none; the archive holds plain files only';
    await faults.add({ file, seq: seqOfBatch(basename(path)), what });
  }
  return count;
}

type Ledger = {
  /** Of the last line. */
  seq: number;
  pruned: readonly SeqRange[];
  /** Whether there may be files that no line mentions; only then are all names held in memory. */
  isSuspect: boolean;
};

/**
 * Files that no line mentions, and pruned batches whose file is still there: a crash hit after the ledger recorded the removal.
 * Whether a crash left the others too, their names tell: nothing reads a file of such a name.
 */
export async function findExtraFiles(
  layout: Layout,
  { seq, pruned, isSuspect }: Ledger,
  { faults, unfinished }: { faults: Faults; unfinished: Faults },
): Promise<void> {
  if (!isSuspect && pruned.length === 0) return;
  const unexplained = new Set<string>();
  for await (const { path, isPlain } of batchFiles(layout)) {
    const file = relative(layout.archive, path);
    if (isSuspect && isPlain) unexplained.add(file);
    const of = prunedSeq(path, pruned);
    if (of === null) continue;
    const what =
      'the batch was pruned, but is still there: the next run deletes what an interrupted removal left; what a copy brought back, remove by hand';
    await unfinished.add({ file, seq: of, what });
  }
  await explain(layout, unexplained);
  for (const file of [...unexplained].toSorted()) {
    if (isUncommitted(file, seq)) await unfinished.add({ file, what: UNCOMMITTED });
    else await faults.add({ file, what: UNEXPLAINED });
  }
}

const UNCOMMITTED =
  'the file was written but not committed: a crash or a full disk; the next run sets it aside';
const UNEXPLAINED =
  'no readable ledger line mentions this file: a broken line, or somebody put it there';

/** Takes away the files that lines commit. */
async function explain(layout: Layout, files: Set<string>): Promise<void> {
  for (const segment of files.size > 0 ? await segmentFiles(layout) : []) {
    try {
      let broken = 0;
      for await (const { bytes } of readLines(segment)) {
        const unsealed = unseal(bytes);
        if ('fault' in unsealed) broken += 1;
        else if (unsealed.line.kind === 'batch') files.delete(unsealed.line.file);
        if (broken === MOST_BROKEN) break;
      }
    } catch {
      // That it cannot be read was said when the ledger was walked; what its lines would explain stays unexplained.
    }
  }
}

/** Whatever is in the ledger's folder besides segments. */
export async function findUnexpectedLedgerFiles(layout: Layout, faults: Faults): Promise<void> {
  for (const entry of await entriesOf(layout.ledger)) {
    if (entry.isFile() && isSegmentFile(entry.name)) continue;
    await faults.add({ file: `ledger/${entry.name}`, what: 'not a ledger segment' });
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
