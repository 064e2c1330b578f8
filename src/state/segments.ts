/** The ledger's segment files, one per month. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from './layout.ts';
import type { LedgerLine } from './ledger-schema.ts';
import { readLines } from './lines.ts';

const SEGMENT_FILE = /^\d{4}-\d\d\.ndjson$/;

export function isSegmentFile(name: string): boolean {
  return SEGMENT_FILE.test(name);
}

/** The months that have a segment, oldest first. */
export async function segmentNames(layout: Layout): Promise<string[]> {
  const entries = await readdir(layout.ledger, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && isSegmentFile(entry.name))
    .map((entry) => entry.name.slice(0, 7))
    .toSorted();
}

export function segmentFile(layout: Layout, segment: string): string {
  return join(layout.ledger, `${segment}.ndjson`);
}

/** Absolute paths, oldest first. */
export async function segmentFiles(layout: Layout): Promise<string[]> {
  return (await segmentNames(layout)).map((segment) => segmentFile(layout, segment));
}

/** The lines of a segment, unverified: `Ledger.open` and `verify` check them. */
export async function* ledgerLines(file: string): AsyncGenerator<LedgerLine> {
  for await (const { bytes, torn } of readLines(file)) {
    if (!torn) yield JSON.parse(bytes.toString('utf8')) as LedgerLine;
  }
}

/** The lines after a seq, unverified. Reads no segment that ends before it. */
export async function* linesAfter(layout: Layout, seq: number): AsyncGenerator<LedgerLine> {
  const files = await segmentFiles(layout);
  for (const [i, file] of files.entries()) {
    const next = files[i + 1];
    if (next !== undefined && (await firstSeq(next)) <= seq) continue;
    for await (const line of ledgerLines(file)) if (line.seq > seq) yield line;
  }
}

async function firstSeq(file: string): Promise<number> {
  for await (const line of ledgerLines(file)) return line.seq;
  return Number.POSITIVE_INFINITY;
}
