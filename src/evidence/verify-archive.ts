import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from '../platform/durable.ts';
import { FORMAT, newerFormat } from '../state/format.ts';
import type { Head } from '../state/head.ts';
import type { Layout } from '../state/layout.ts';
import type { BatchLine } from '../state/ledger-schema.ts';
import { contains } from '../state/seq-ranges.ts';
import { Chain, type Signatures } from './chain.ts';
import { type Fault, faultAt } from './faults.ts';
import { extraFiles, surveyFiles, unexpectedLedgerFiles } from './extra-files.ts';
import { verifyLedger } from './verify-ledger.ts';

export type ArchiveVerdict = {
  faults: Fault[];
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
  const faults: Fault[] = [];
  const chain = new Chain(options.trusted, options.heads);
  // Counted first: a batch that a run commits meanwhile must not look like an extra file.
  const { count: filesPresent, links } = await surveyFiles(layout);
  const missing: BatchLine[] = [];
  let [batches, records, filesFound, pruned] = [0, 0, 0, 0];

  const ledger = await verifyLedger(layout, chain, faults, async (line) => {
    batches += 1;
    records += line.new_records + line.changed_records;
    const state = await batchState(layout, line);
    if (state !== 'missing') filesFound += 1;
    if (state === 'missing') missing.push(line);
    else if (state !== 'intact') faults.push(await batchFault(layout, line, state));
    options.onProgress(batches);
  });
  for (const line of missing) {
    if (contains(chain.pruned, line.seq)) pruned += 1;
    else faults.push(await batchFault(layout, line, 'the batch is missing'));
  }
  const isSuspect = filesPresent > filesFound || faults.length > 0;
  faults.push(...(await extraFiles(layout, chain.pruned, isSuspect)), ...links);
  faults.push(...(await unexpectedLedgerFiles(layout)));

  // An archive that only a newer program can read is not a broken one.
  if (ledger.newestFormat > FORMAT && ledger.lines === 0) throw newerFormat(ledger.newestFormat);
  const { home, seq, signatures } = chain;
  const { segments, lines: ledgerLines } = ledger;
  return { faults, home, segments, ledgerLines, batches, pruned, records, seq, signatures };
}

/** `intact`, `missing`, or what is wrong with the file of a batch. */
async function batchState(layout: Layout, line: BatchLine): Promise<string> {
  const path = join(layout.archive, line.file);
  try {
    // Reading a pipe would never end.
    if (!(await stat(path)).isFile()) return 'the batch is no file';
    const sha256 = await sha256OfFile(path);
    return sha256 === line.file_sha256 ? 'intact' : 'the batch is not as it was committed';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'missing' : `the batch cannot be read: ${message}`;
  }
}

async function batchFault(layout: Layout, line: BatchLine, what: string): Promise<Fault> {
  return await faultAt(layout, { file: line.file, seq: line.seq, what, committed_at: line.at });
}
