import { basename, relative } from 'node:path';
import { integrityError } from '../errors.ts';
import { removeDurably } from '../platform/durable.ts';
import { batchFiles, isUncommitted, newestBatchFiles, prunedSeq } from './batch-files.ts';
import { type Layout, seqOfBatch } from './layout.ts';
import type { Ledger } from './ledger.ts';
import { setFileAside } from './set-aside.ts';

/**
 * Cleans up after a crash. A batch that was written but not committed never happened: it is set aside, and the next ledger line
 * records that. A pruned batch whose file is still there is deleted. Only for the holder of the run lock.
 *
 * Looks where a run writes, which is never before the day of the last line, and everywhere only after a removal that is not known to
 * have ended: an archive of years has hundreds of thousands of files. `verify` looks at every file.
 *
 * @throws AuditlakeError `integrity` if there are batches that no crash explains: the end of the ledger was cut off. Their
 *   numbers would be given away again. Nothing has been changed then
 */
export async function clearLeftovers(layout: Layout, ledger: Ledger): Promise<void> {
  const { seq, pruned } = ledger.state;
  const uncommitted: string[] = [];
  const undeleted: string[] = [];
  const wasRemoving = pruned.at === seq && seq > 0;
  // What is not committed was written after the last line that a run ended with.
  const since = (ledger.head?.at ?? '').slice(0, 'yyyy-mm-dd'.length).replaceAll('-', '/');
  const files = wasRemoving ? batchFiles(layout) : newestBatchFiles(layout, since);
  for await (const { path, isPlain } of files) {
    const file = relative(layout.archive, path);
    if (prunedSeq(path, pruned.seqs) !== null) undeleted.push(path);
    else if (isPlain && isUncommitted(file, seq)) uncommitted.push(path);
    else if ((seqOfBatch(basename(path)) ?? 0) > seq) throw beyond(file, seq);
  }
  await ledger.repair();
  for (const file of undeleted) await removeDurably(file);
  for (const file of uncommitted) {
    const what = `${relative(layout.archive, file)} was written but not committed`;
    ledger.noteRecovered(await setFileAside(layout, file, what));
  }
}

function beyond(file: string, seq: number): Error {
  return integrityError(
    `the ledger ends with seq ${seq}, but there is ${file}: the end of the ledger was cut off, or somebody put the file there`,
    'restore the ledger from a copy and run `auditlake verify`; if this is a copy that was not completed, move the batches after its last line elsewhere',
  );
}
