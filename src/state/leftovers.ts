import { basename, relative } from 'node:path';
import { removeDurably } from '../platform/durable.ts';
import { batchFiles, prunedSeq } from './batch-files.ts';
import { batchName, type Layout } from './layout.ts';
import type { Ledger } from './ledger.ts';
import { setFileAside } from './set-aside.ts';

/**
 * Cleans up after a crash. A batch that was written but not committed never happened: it is set aside, and the next ledger line
 * records that. A pruned batch whose file is still there is deleted. Only for the holder of the run lock.
 */
export async function clearLeftovers(layout: Layout, ledger: Ledger): Promise<void> {
  const { seq, pruned } = ledger.state;
  // The next number, or the one after it if a segment would have been opened first.
  const uncommittedNames = [batchName(seq + 1), batchName(seq + 2)];
  const uncommitted: string[] = [];
  const undeleted: string[] = [];
  for await (const { path } of batchFiles(layout)) {
    if (uncommittedNames.includes(basename(path, '.tmp'))) uncommitted.push(path);
    else if (prunedSeq(path, pruned.seqs) !== null) undeleted.push(path);
  }
  for (const file of undeleted) await removeDurably(file);
  for (const file of uncommitted) {
    const what = `${relative(layout.archive, file)} was written but not committed`;
    ledger.noteRecovered(await setFileAside(layout, file, what));
  }
}
