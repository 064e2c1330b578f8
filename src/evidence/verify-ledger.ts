import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { Chain, type Opening, type Previous } from '../state/chain.ts';
import { FORMAT } from '../state/format.ts';
import type { Layout } from '../state/layout.ts';
import type { BatchLine, LedgerLine } from '../state/ledger-schema.ts';
import { readLines } from '../state/lines.ts';
import { isCutOff, unseal } from '../state/seal.ts';
import { segmentNames } from '../state/segments.ts';
import { contains, union } from '../state/seq-ranges.ts';
import type { SeqRange } from '../state/carried.ts';
import { type Faults, MOST_BROKEN } from './faults.ts';
import type { KeptHeads } from './kept-heads.ts';

type LedgerTally = {
  segments: number;
  /** Lines that could be read. */
  lines: number;
  newestFormat: number;
  /** All batches that were removed on purpose, according to any line. */
  pruned: SeqRange[];
  /** The hash of the note about a verification that the last run found; null if it found none. */
  verified: string | null;
};

type LedgerChecks = {
  chain: Chain;
  heads: KeptHeads;
  /** What is wrong, in the order of the lines. */
  faults: Faults;
  /** What a crash leaves at the end of the newest segment. */
  unfinished: Faults;
  /** Called for each line that commits a batch. */
  onBatch: (line: BatchLine) => Promise<void>;
};

/** Walks the whole ledger along the chain. */
export async function verifyLedger(layout: Layout, checks: LedgerChecks): Promise<LedgerTally> {
  const { chain, heads, faults } = checks;
  const tally: LedgerTally = {
    segments: 0,
    lines: 0,
    newestFormat: FORMAT,
    pruned: [],
    verified: null,
  };
  const segments = await segmentNames(layout);
  let previous: Previous = null;
  for (const segment of segments) {
    tally.segments += 1;
    const isLast = segment === segments.at(-1);
    const sha256 = await verifySegment(layout, { segment, previous, isLast }, checks, tally);
    previous = { file: `${segment}.ndjson`, sha256 };
  }
  const file = `ledger/${segments.at(-1) ?? ''}.ndjson`;
  const { seq } = chain.state;
  for (const missing of heads.missing(seq)) await faults.add({ file, ...missing });
  if (seq > 0 && chain.signatures.trusted && chain.signatures.lines === 0) {
    await faults.add({ file, seq, what: UNSIGNED });
  }
  return tally;
}

const TORN =
  'the ledger ends in the middle of a line: a crash (the next run sets it aside), or somebody cut it';
const NO_NEWLINE = 'a whole line is followed by what is no newline';
const EMPTY =
  'the segment is empty: a crash when it was opened (the next run sets it aside), or somebody cut it';
const UNSIGNED =
  'no line is signed, although keys are configured: if the key is new, run `auditlake sync --begin-signing`; if not, the ledger was replaced';

/** @returns the hash of the file, as far as it could be read */
async function verifySegment(
  layout: Layout,
  at: { segment: string; previous: Previous; isLast: boolean },
  { chain, heads, faults, unfinished, onBatch }: LedgerChecks,
  tally: LedgerTally,
): Promise<string> {
  const { segment, previous, isLast } = at;
  const file = `ledger/${segment}.ndjson`;
  const hash = createHash('sha256');
  let [number, broken] = [0, 0];
  try {
    for await (const { bytes, torn } of readLines(join(layout.archive, file), hash)) {
      number += 1;
      if (torn) {
        const isAltered = !isCutOff(bytes);
        const what = isAltered ? NO_NEWLINE : TORN;
        await (isLast && !isAltered ? unfinished : faults).add({ file, line: number, what });
        continue;
      }
      const read = verifyLine(bytes, chain, number === 1 ? { segment, previous } : null);
      const { line, seq, sha256, committed_at } = read;
      const what = [
        ...read.faults,
        ...(line === null ? [] : heads.meet({ home: chain.home, seq: line.seq, sha256 })),
      ];
      for (const one of what) {
        await faults.add({ file, line: number, seq, what: one, committed_at });
      }
      tally.newestFormat = Math.max(tally.newestFormat, read.format);
      if (line === null) {
        broken += 1;
        if (broken < MOST_BROKEN) continue;
        await faults.add({
          file,
          line: number,
          what: 'so many lines are broken that it is not read on',
        });
        return '';
      }
      tally.lines += 1;
      if (line.kind === 'open') tally.pruned = union(tally.pruned, line.pruned.seqs);
      if (line.kind === 'prune') tally.pruned = union(tally.pruned, line.seqs);
      if (line.kind === 'run') tally.verified = line.verified ?? null;
      if (line.kind === 'batch') await onBatch(line);
    }
  } catch (error) {
    if (!isOfFileSystem(error)) throw error;
    chain.skip();
    await faults.add({ file, what: `the segment cannot be read: ${messageOf(error)}` });
    return '';
  }
  if (number === 0) await (isLast ? unfinished : faults).add({ file, what: EMPTY });
  return hash.digest('hex');
}

/** `line` is null if it could not be read. */
type Read = {
  line: LedgerLine | null;
  seq: number | null;
  sha256: string;
  committed_at: string | null;
  format: number;
  faults: string[];
};

function verifyLine(bytes: Buffer, chain: Chain, opening: Opening | null): Read {
  const unsealed = unseal(bytes);
  const nothing = { line: null, seq: null, sha256: '', committed_at: null, format: FORMAT };
  if ('fault' in unsealed) {
    chain.skip();
    return { ...nothing, faults: [`the line ${unsealed.fault}`] };
  }
  const { line, sha256 } = unsealed;
  const { seq, at, format } = line;
  if (format > FORMAT) {
    chain.skip();
    const what = `the line has format ${format}; this program knows formats up to ${FORMAT}`;
    return { ...nothing, seq, format, faults: [what] };
  }
  return { line, seq, sha256, committed_at: at, format, faults: chain.next(unsealed, opening) };
}

function isOfFileSystem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Whether a batch was removed on purpose. */
export function isPruned({ pruned }: LedgerTally, seq: number): boolean {
  return contains(pruned, seq);
}
