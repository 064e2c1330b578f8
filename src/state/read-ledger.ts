/**
 * Reads as much of a ledger as a run has to know before it goes on from there: never a line less than its own state came from, and
 * never the whole of it where a signature vouches for the rest.
 */
import { createHash, type Hash } from 'node:crypto';
import { sha256OfFile } from '../platform/durable.ts';
import { Chain, type Opening, type Previous } from './chain.ts';
import { brokenLedger, nextLine } from './checked-line.ts';
import type { Layout } from './layout.ts';
import { readLines } from './lines.ts';
import { lastLine } from './last-line.ts';
import { isCutOff, unseal, type Unsealed } from './seal.ts';
import { segmentFile, segmentNames } from './segments.ts';

/** The end of a ledger that is torn: what comes after its last whole line. */
export type Torn = { segment: string; tail: Buffer };

/** What was read of the newest segment; the hash goes on with what is appended. */
export type ReadSegment = { segment: string; hash: Hash; bytes: number };

type ReadLedger = { chain: Chain; newest: ReadSegment | null; torn: Torn | null };

type ReadOptions = {
  /** See `Chain`. Null for whoever only looks: then the newest segment is checked by itself. */
  keys: readonly string[] | null;
  /** Whether a run continues from here. */
  goesOn: boolean;
};

/**
 * @param segments those that have a line, oldest first
 * @throws AuditlakeError `integrity` (exit 5) if a complete line does not verify
 */
export async function readLedger(
  layout: Layout,
  segments: readonly string[],
  options: ReadOptions,
): Promise<ReadLedger> {
  const newest = segments.length - 1;
  const first = options.goesOn ? await firstToRead(layout, segments, options.keys) : newest;
  const isSigned = options.goesOn && (await isSignedBefore(layout, segments.slice(0, first)));
  const chain = new Chain(options.keys, { isSigned });
  if (first > 0) chain.skip();
  let torn: Torn | null = null;
  let last: ReadSegment | null = null;
  let previous: Previous | 'unread' = options.goesOn
    ? await closed(layout, segments[first - 1])
    : 'unread';
  for (let i = Math.max(0, first); i <= newest; i += 1) {
    const segment = segments[i] ?? '';
    const read = await readSegment(layout, segment, chain, previous);
    if (read.tail !== null) {
      if (i < newest) throw tornInside(layout, segment);
      if (!isCutOff(read.tail)) throw noNewline(layout, segment);
      torn = { segment, tail: read.tail };
    }
    const { hash, bytes } = read;
    last = { segment, hash, bytes };
    previous = { file: `${segment}.ndjson`, sha256: digestOf(hash) };
  }
  return { chain, newest: last, torn };
}

/**
 * Where to begin. A newest segment that opens with a signature was opened by a run that had read what came before, by these
 * rules: the hashes of the signed line stand for that. Else the segment before is read too, and with keys all of them: signing
 * begins once in the life of a ledger, and whoever lacks the key would like it to begin again.
 */
async function firstToRead(
  layout: Layout,
  segments: readonly string[],
  keys: readonly string[] | null,
): Promise<number> {
  const newest = segments.length - 1;
  if (newest <= 0) return newest;
  for await (const { bytes } of readLines(segmentFile(layout, segments[newest] ?? ''))) {
    const opening = unseal(bytes);
    if ('line' in opening && opening.signature !== null) return newest;
    break;
  }
  return keys === null ? newest - 1 : 0;
}

/** Once a ledger is signed all lines that follow are: the last line of each segment tells. */
async function isSignedBefore(layout: Layout, segments: readonly string[]): Promise<boolean> {
  for (const segment of segments.toReversed()) {
    const line = unseal(await lastLine(segmentFile(layout, segment)));
    if ('line' in line && line.signature !== null) return true;
  }
  return false;
}

async function closed(layout: Layout, segment: string | undefined): Promise<Previous> {
  if (segment === undefined) return null;
  return { file: `${segment}.ndjson`, sha256: await sha256OfFile(segmentFile(layout, segment)) };
}

async function readSegment(
  layout: Layout,
  segment: string,
  chain: Chain,
  previous: Previous | 'unread',
): Promise<SegmentEnd> {
  const lines = checkedLines(layout, { segment, previous }, chain);
  for (;;) {
    const { done, value } = await lines.next();
    if (done === true) return value;
  }
}

/** The whole lines of a segment, and what there is of a last one that is torn. */
type SegmentEnd = { hash: Hash; bytes: number; tail: Buffer | null };

export function digestOf(hash: Hash): string {
  return hash.copy().digest('hex');
}

/** A line, checked along the chain, and its text. */
export type CheckedLine = Unsealed & { text: string };

/** Every line of a ledger from the first, along the chain. A torn last line is none. */
export async function* wholeLedger(layout: Layout, chain: Chain): AsyncGenerator<CheckedLine> {
  let previous: Previous = null;
  for (const segment of await segmentNames(layout)) {
    const end: SegmentEnd = yield* checkedLines(layout, { segment, previous }, chain);
    previous = { file: `${segment}.ndjson`, sha256: digestOf(end.hash) };
  }
}

async function* checkedLines(
  layout: Layout,
  opening: Opening,
  chain: Chain,
): AsyncGenerator<CheckedLine, SegmentEnd> {
  const file = segmentFile(layout, opening.segment);
  const hash = createHash('sha256');
  let [number, length] = [0, 0];
  for await (const { bytes, torn } of readLines(file)) {
    if (torn) return { hash, bytes: length, tail: bytes };
    hash.update(bytes).update('\n');
    length += bytes.length + 1;
    number += 1;
    const line = nextLine(chain, bytes, number === 1 ? opening : null, { file, number });
    yield { ...line, text: bytes.toString('utf8') };
  }
  return { hash, bytes: length, tail: null };
}

function noNewline(layout: Layout, segment: string): Error {
  const file = segmentFile(layout, segment);
  return brokenLedger(`the last line of ${file} is followed by what is no newline`);
}

function tornInside(layout: Layout, segment: string): Error {
  const file = segmentFile(layout, segment);
  return brokenLedger(`${file} ends in the middle of a line, and another segment follows it`);
}
