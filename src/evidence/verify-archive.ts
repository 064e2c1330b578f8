import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { sha256OfFile } from '../platform/durable.ts';
import { isAbsent, sizeOfPlain } from '../platform/plain-file.ts';
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

export type VerifyOptions = {
  /** Public keys that may have made the signatures; if empty, any key may. */
  trusted: readonly string[];
  /** Heads that were kept elsewhere. */
  heads: readonly Head[];
  onProgress(batches: number): void;
};

/**
 * Checks every ledger line against itself, the line before it, its segment and the heads that were kept elsewhere; every batch
 * file against the line that committed it; and that the archive holds no other file. Memory does not grow with the archive as
 * long as nothing is wrong with it.
 *
 * @throws AuditlakeError `usage` if the whole archive was written by a newer program
 */
export async function verifyArchive(
  layout: Layout,
  options: VerifyOptions,
): Promise<ArchiveVerdict> {
  const [faults, unfinished] = [new Faults(layout), new Faults(layout)];
  const chain = new Chain(options.trusted);
  const heads = new KeptHeads(options.heads);
  // Counted first: a batch that a run commits meanwhile must not look like an extra file.
  const filesPresent = await surveyFiles(layout, faults);
  const missing: BatchLine[] = [];
  let [batches, records, filesFound, pruned] = [0, 0, 0, 0];

  const onBatch = async (line: BatchLine): Promise<void> => {
    batches += 1;
    records += line.new_records + line.changed_records;
    const state = await batchState(layout, line);
    if (state === 'missing') missing.push(line);
    else filesFound += 1;
    if (state !== 'missing' && state !== 'intact') await faults.add(batchFault(line, state));
    options.onProgress(batches);
  };
  const ledger = await verifyLedger(layout, { chain, heads, faults, unfinished, onBatch });
  for (const line of missing) {
    if (isPruned(ledger, line.seq)) pruned += 1;
    else await faults.add(batchFault(line, 'the batch is missing'));
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
  return {
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

/** `intact`, `missing`, or what is wrong with the file of a batch. */
async function batchState(layout: Layout, line: BatchLine): Promise<string> {
  const path = join(layout.archive, line.file);
  try {
    const size = await sizeOfPlain(path);
    if (size !== line.file_bytes) return `the batch has ${size} bytes, not ${line.file_bytes}`;
    const sha256 = await sha256OfFile(path);
    return sha256 === line.file_sha256 ? 'intact' : 'the batch is not as it was committed';
  } catch (error) {
    return isAbsent(error) ? 'missing' : `the batch cannot be read: ${messageOf(error)}`;
  }
}

function batchFault(line: BatchLine, what: string): Pick<Fault, 'file' | 'what'> & Partial<Fault> {
  return { file: line.file, seq: line.seq, what, committed_at: line.at };
}
