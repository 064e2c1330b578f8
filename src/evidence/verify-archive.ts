import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { sha256OfFile } from '../platform/durable.ts';
import { batchFiles } from '../state/batch-files.ts';
import { type Fault, faultAt } from './faults.ts';
import { type Layout, seqOfBatch } from '../state/layout.ts';
import { newerFormat, segmentNames } from '../state/ledger.ts';
import { type BatchLine, FORMAT, unseal } from '../state/ledger-line.ts';
import { lines } from '../state/lines.ts';
import { contains } from '../state/seq-ranges.ts';
import type { Head } from '../state/head.ts';
import { Chain, type Previous, type Signatures } from './chain.ts';

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
  /** Public keys that signatures must be of; none: any. */
  trusted: readonly string[];
  /** Heads that were kept elsewhere. */
  heads: readonly Head[];
  onProgress(batches: number): void;
};

/**
 * Checks every line of the ledger against itself, its predecessor, its segment's and the heads that were kept
 * elsewhere, every batch file against the line that committed it, and that nothing else lies in the archive. Memory does not grow
 * with the archive as long as nothing is wrong with it.
 */
export async function verifyArchive(
  layout: Layout,
  options: VerifyOptions,
): Promise<ArchiveVerdict> {
  const faults: Fault[] = [];
  const chain = new Chain(options.trusted, options.heads);
  const verdict = { segments: 0, ledgerLines: 0, batches: 0, pruned: 0, records: 0 };
  // Counted first: a batch that a run commits meanwhile must not look like a stranger.
  const { count: lying, links } = await survey(layout);
  const missing: BatchLine[] = [];
  let found = 0;
  let previous: Previous = null;
  let file = '';
  let newest = FORMAT;
  for (const segment of await segmentNames(layout)) {
    verdict.segments += 1;
    file = `ledger/${segment}.ndjson`;
    let number = 0;
    for await (const { bytes, torn } of lines(join(layout.archive, file))) {
      number += 1;
      const fault = async (what: string, seq: number | null, at: string | null): Promise<void> => {
        faults.push(await faultAt(layout, { file, line: number, seq, what, committed_at: at }));
      };
      if (torn) {
        const what =
          'the ledger ends in the middle of a line: a crash, or a cut; the next run sets it aside';
        await fault(what, null, null);
        break;
      }
      const unsealed = unseal(bytes);
      if ('fault' in unsealed) {
        await fault(`the line ${unsealed.fault}`, null, null);
        chain.broken();
        continue;
      }
      const { line } = unsealed;
      if (line.format > FORMAT) {
        newest = Math.max(newest, line.format);
        await fault(
          `the line has format ${line.format}, this program knows ${FORMAT}`,
          line.seq,
          null,
        );
        chain.broken();
        continue;
      }
      verdict.ledgerLines += 1;
      const opens = number === 1 ? { segment, previous } : null;
      for (const what of chain.next(unsealed, opens)) await fault(what, line.seq, line.at);
      if (line.kind !== 'batch') continue;
      verdict.batches += 1;
      verdict.records += line.new_records + line.changed_records;
      const state = await stateOf(layout, line);
      if (state !== 'missing') found += 1;
      if (state === 'missing') missing.push(line);
      else if (state !== 'equal') faults.push(await batchFault(layout, line, state));
      options.onProgress(verdict.batches);
    }
    if (number === 0) {
      const what =
        'the segment is empty: a crash when it was opened (the next run sets it aside), or a cut';
      faults.push(await faultAt(layout, { file, what }));
    }
    const sha256 = await sha256OfFile(join(layout.archive, file));
    previous = { file: `${segment}.ndjson`, sha256 };
  }
  for (const end of chain.end()) faults.push(await faultAt(layout, { file, ...end }));
  for (const line of missing) {
    if (contains(chain.pruned, line.seq)) verdict.pruned += 1;
    else faults.push(await batchFault(layout, line, 'the batch is missing'));
  }
  if (lying > found || faults.length > 0) faults.push(...(await strays(layout)));
  faults.push(...(await prunedAndThere(layout, chain)), ...links);
  faults.push(...(await strayLedgerFiles(layout)));
  // An archive of a newer program is not a broken one.
  if (newest > FORMAT && verdict.ledgerLines === 0) throw newerFormat(newest);
  const { home, seq, signatures } = chain;
  return { faults, home, ...verdict, seq, signatures };
}

/** `equal`, `missing`, or what is wrong with the file of a batch. */
async function stateOf(layout: Layout, line: BatchLine): Promise<string> {
  const path = join(layout.archive, line.file);
  try {
    // A pipe would be waited for without end.
    if (!(await stat(path)).isFile()) return 'the batch is no file';
    const sha256 = await sha256OfFile(path);
    return sha256 === line.file_sha256 ? 'equal' : 'the batch is not as it was committed';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'missing' : `the batch cannot be read: ${message}`;
  }
}

async function batchFault(layout: Layout, line: BatchLine, what: string): Promise<Fault> {
  return await faultAt(layout, { file: line.file, seq: line.seq, what, committed_at: line.at });
}

/** How many files lie there, and those that are none: what a link leads to changes without a trace in the archive. */
async function survey(layout: Layout): Promise<{ count: number; links: Fault[] }> {
  let count = 0;
  const links: Fault[] = [];
  for await (const { path, isPlain } of batchFiles(layout)) {
    count += 1;
    if (isPlain) continue;
    const file = relative(layout.archive, path);
    const what = 'a link or the like lies where only files belong';
    links.push(await faultAt(layout, { file, seq: seqOfBatch(basename(path)), what }));
  }
  return { count, links };
}

/** Files that no ledger line speaks of. Only where their number says that there are some are their names held. */
async function strays(layout: Layout): Promise<Fault[]> {
  const unexplained = new Set<string>();
  for await (const { path } of batchFiles(layout)) unexplained.add(relative(layout.archive, path));
  for (const segment of await segmentNames(layout)) {
    for await (const { bytes } of lines(join(layout.ledger, `${segment}.ndjson`))) {
      const unsealed = unseal(bytes);
      if ('line' in unsealed && unsealed.line.kind === 'batch') {
        unexplained.delete(unsealed.line.file);
      }
    }
  }
  const what =
    'no readable ledger line speaks of this file: a crash just now (the next run sets it aside), a broken line, or somebody put it there';
  return await Promise.all(
    [...unexplained].toSorted().map((file) => faultAt(layout, { file, what })),
  );
}

/** A crash after the ledger's word and before the file went. */
async function prunedAndThere(layout: Layout, { pruned }: Chain): Promise<Fault[]> {
  if (pruned.length === 0) return [];
  const faults: Fault[] = [];
  for await (const { path } of batchFiles(layout)) {
    const seq = seqOfBatch(basename(path));
    if (seq === null || !contains(pruned, seq)) continue;
    const what = 'the batch was pruned, but is still there: the next run removes it';
    faults.push(await faultAt(layout, { file: relative(layout.archive, path), seq, what }));
  }
  return faults;
}

async function strayLedgerFiles(layout: Layout): Promise<Fault[]> {
  const entries = await entriesOf(layout.ledger);
  const strangers = entries.filter(
    (entry) => !entry.isFile() || !/^\d{4}-\d\d\.ndjson$/.test(entry.name),
  );
  return await Promise.all(
    strangers.map(({ name }) =>
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
