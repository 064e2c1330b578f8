import { join } from 'node:path';
import { differenceFrom, type FileDifference } from '../platform/noted-file.ts';
import { Chain, type Signatures } from '../state/chain.ts';
import { FORMAT, newerFormat } from '../state/format.ts';
import type { Head } from '../state/head.ts';
import type { Layout } from '../state/layout.ts';
import type { BatchLine } from '../state/ledger-schema.ts';
import { type Fault, Faults } from './faults.ts';
import { findExtraFiles, findUnexpectedLedgerFiles, surveyFiles } from './extra-files.ts';
import { KeptHeads } from './kept-heads.ts';
import { isPruned, verifyLedger } from './verify-ledger.ts';

export type ArchiveVerdict = {
  faults: Fault[];
  /** What a run left half done that was killed or ran out of disk: nothing is lost, and the next run mends it. */
  unfinished: Fault[];
  home: string | null;
  segments: number;
  ledgerLines: number;
  batches: number;
  /** Batches that were removed on purpose. */
  pruned: number;
  records: number;
  seq: number;
  signatures: Signatures;
};

/** The evidence for the next verification to go on from. */
export type Trail = {
  /** The last line that covers those before it; null in an empty ledger. */
  head: Head | null;
  /** The hash of the note about a verification that the last run put into the ledger. */
  verified: string | null;
};

export type VerifyOptions = {
  /** Public keys that may have made the signatures; if empty, any key may. */
  trusted: readonly string[];
  /** Heads that were kept elsewhere. */
  heads: readonly Head[];
  /** Of batches up to this seq only the size is looked at. Default: of none. */
  contentsAfter?: number;
  onProgress(batches: number): void;
};

/**
 * Checks every ledger line against itself, the line before it, its segment and the heads that were kept elsewhere; every batch
 * file against the line that committed it, those up to `contentsAfter` by their size alone; and that the archive holds no other
 * file. Memory does not grow with the archive as long as nothing is wrong with it.
 *
 * @throws AuditlakeError `usage` if the whole archive was written by a newer program
 */
export async function verifyArchive(
  layout: Layout,
  options: VerifyOptions,
): Promise<{ archive: ArchiveVerdict; trail: Trail }> {
  const [faults, unfinished] = [new Faults(layout), new Faults(layout)];
  const { contentsAfter = 0 } = options;
  const chain = new Chain(options.trusted);
  const heads = new KeptHeads(options.heads);
  // Counted first: a batch that a run commits meanwhile must not look like an extra file.
  const filesPresent = await surveyFiles(layout, faults);
  const missing: BatchLine[] = [];
  let [batches, records, filesFound, pruned] = [0, 0, 0, 0];

  const onBatch = async (line: BatchLine): Promise<void> => {
    batches += 1;
    records += line.new_records + line.changed_records;
    const sha256 = line.seq > contentsAfter ? line.file_sha256 : null;
    const noted = { bytes: line.file_bytes, sha256 };
    const difference = await differenceFrom(join(layout.archive, line.file), noted);
    if (difference?.kind === 'missing') missing.push(line);
    else {
      filesFound += 1;
      if (difference !== null) await faults.add(batchFault(line, difference));
    }
    options.onProgress(batches);
  };
  const ledger = await verifyLedger(layout, { chain, heads, faults, unfinished, onBatch });
  for (const line of missing) {
    if (isPruned(ledger, line.seq)) pruned += 1;
    else await faults.add(batchFault(line, { kind: 'missing' }));
  }
  const { home, signatures } = chain;
  const { seq } = chain.state;
  const isSuspect = filesPresent > filesFound || faults.count > 0;
  await findExtraFiles(layout, { seq, pruned: ledger.pruned, isSuspect }, { faults, unfinished });
  await findUnexpectedLedgerFiles(layout, faults);
  if (seq === 0) await (filesPresent > 0 ? faults : unfinished).add(NO_LINE);

  // An archive that only a newer program can read is not a broken one.
  if (ledger.newestFormat > FORMAT && ledger.lines === 0) throw newerFormat(ledger.newestFormat);
  const { segments, lines: ledgerLines } = ledger;
  const archive = {
    ...verdictOf(faults, unfinished),
    home,
    segments,
    ledgerLines,
    batches,
    pruned,
    records,
    seq,
    signatures,
  };
  return { archive, trail: { head: chain.head, verified: ledger.verified } };
}

const NO_LINE = {
  file: 'ledger',
  what: 'the ledger has no line: a crash in the first run (the next run begins anew), or somebody removed it',
};

/** What a crash may have left is believed to be that only where nothing else is wrong. */
function verdictOf(
  faults: Faults,
  unfinished: Faults,
): Pick<ArchiveVerdict, 'faults' | 'unfinished'> {
  if (faults.count === 0) return { faults: [], unfinished: unfinished.list() };
  return { faults: [...faults.list(), ...unfinished.list()], unfinished: [] };
}

function differenceText(difference: FileDifference, line: BatchLine): string {
  if (difference.kind === 'missing') return 'the batch is missing';
  if (difference.kind === 'size')
    return `the batch has ${difference.bytes} bytes, not ${line.file_bytes}`;
  if (difference.kind === 'content') return 'the batch is not as it was committed';
  return `the batch cannot be read: ${difference.why}`;
}

function batchFault(
  line: BatchLine,
  difference: FileDifference,
): Pick<Fault, 'file' | 'what'> & Partial<Fault> {
  const what = differenceText(difference, line);
  return { file: line.file, seq: line.seq, what, committed_at: line.at };
}
