import { join } from 'node:path';
import { sha256OfFile } from '../platform/durable.ts';
import { FORMAT } from '../state/format.ts';
import type { Layout } from '../state/layout.ts';
import type { BatchLine, LedgerLine } from '../state/ledger-schema.ts';
import { readLines } from '../state/lines.ts';
import { unseal } from '../state/seal.ts';
import { segmentNames } from '../state/segments.ts';
import type { Chain, Opening, Previous } from './chain.ts';
import { type Fault, faultAt } from './faults.ts';

export type LedgerTally = {
  segments: number;
  /** Lines that could be read. */
  lines: number;
  newestFormat: number;
};

/**
 * Walks the whole ledger along the chain.
 *
 * @param faults receives what is wrong, in the order of the lines
 * @param onBatch called for each line that commits a batch
 */
export async function verifyLedger(
  layout: Layout,
  chain: Chain,
  faults: Fault[],
  onBatch: (line: BatchLine) => Promise<void>,
): Promise<LedgerTally> {
  const tally: LedgerTally = { segments: 0, lines: 0, newestFormat: FORMAT };
  let previous: Previous = null;
  let file = '';
  for (const segment of await segmentNames(layout)) {
    tally.segments += 1;
    file = `ledger/${segment}.ndjson`;
    let number = 0;
    for await (const { bytes, torn } of readLines(join(layout.archive, file))) {
      number += 1;
      const read = torn
        ? unreadable(TORN)
        : verifyLine(bytes, chain, number === 1 ? { segment, previous } : null);
      for (const what of read.faults) {
        const { seq, at } = read;
        faults.push(await faultAt(layout, { file, line: number, seq, what, committed_at: at }));
      }
      if (read.format !== null) tally.newestFormat = Math.max(tally.newestFormat, read.format);
      if (read.line === null) continue;
      tally.lines += 1;
      if (read.line.kind === 'batch') await onBatch(read.line);
    }
    if (number === 0) faults.push(await faultAt(layout, { file, what: EMPTY }));
    const sha256 = await sha256OfFile(join(layout.archive, file));
    previous = { file: `${segment}.ndjson`, sha256 };
  }
  for (const fault of chain.end()) faults.push(await faultAt(layout, { file, ...fault }));
  return tally;
}

const TORN =
  'the ledger ends in the middle of a line: a crash (the next run sets it aside), or somebody cut it';
const EMPTY =
  'the segment is empty: a crash when it was opened (the next run sets it aside), or somebody cut it';

/** `line` is null if it could not be read; `seq` and `at` are null if that is not known. */
type Read = {
  line: LedgerLine | null;
  seq: number | null;
  at: string | null;
  format: number | null;
  faults: string[];
};

function unreadable(what: string): Read {
  return { line: null, seq: null, at: null, format: null, faults: [what] };
}

function verifyLine(bytes: Buffer, chain: Chain, opening: Opening | null): Read {
  const unsealed = unseal(bytes);
  if ('fault' in unsealed) {
    chain.skip();
    return unreadable(`the line ${unsealed.fault}`);
  }
  const { line } = unsealed;
  const { seq, at, format } = line;
  if (format > FORMAT) {
    chain.skip();
    const what = `the line has format ${format}; this program knows formats up to ${FORMAT}`;
    return { line: null, seq, at: null, format, faults: [what] };
  }
  return { line, seq, at, format, faults: chain.next(unsealed, opening) };
}
