/** The ledger's segment files, one per month. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { integrityError, messageOf } from '../errors.ts';
import { isAbsent, sizeOfPlain } from '../platform/plain-file.ts';
import type { Layout } from './layout.ts';
import type { LedgerLine, OpenLine } from './ledger-schema.ts';
import { readLines } from './lines.ts';

const SEGMENT_FILE = /^\d{4}-\d\d\.ndjson$/;

export function isSegmentFile(name: string): boolean {
  return SEGMENT_FILE.test(name);
}

/** The months that have a segment, oldest first. What has the name of one but is no plain file is among them: it cannot be read. */
export async function segmentNames(layout: Layout): Promise<string[]> {
  const names = await readdir(layout.ledger).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  return names
    .filter(isSegmentFile)
    .map((name) => name.slice(0, 7))
    .toSorted();
}

export function segmentFile(layout: Layout, segment: string): string {
  return join(layout.ledger, `${segment}.ndjson`);
}

/** Absolute paths, oldest first. */
export async function segmentFiles(layout: Layout): Promise<string[]> {
  return (await segmentNames(layout)).map((segment) => segmentFile(layout, segment));
}

/** @throws AuditlakeError `integrity` if there is something else than a plain file */
export async function mustBePlain(file: string): Promise<void> {
  try {
    await sizeOfPlain(file);
  } catch (error) {
    throw altered(messageOf(error), error);
  }
}

/**
 * The lines of one of the segments. The newest was checked line by line when the ledger was opened; a closed one must be as the
 * next one says it was, so that what a run goes back to is what its own state came from.
 *
 * @param files all segments, oldest first
 * @throws AuditlakeError `integrity`, once the lines were read, if a closed segment is not as it was closed
 */
export async function* segmentLines(
  files: readonly string[],
  index: number,
): AsyncGenerator<LedgerLine> {
  const [file, next] = [files[index], files[index + 1]];
  if (file === undefined) return;
  const opening = next === undefined ? null : await openingOf(next);
  const hash = createHash('sha256');
  for await (const { bytes, torn } of readLines(file, hash)) {
    if (!torn) yield parsed(bytes, file);
  }
  if (opening === null) return;
  const { previous } = opening;
  if (previous?.file === basename(file) && previous.sha256 === hash.digest('hex')) return;
  throw altered(`${file} is not as it was when it was closed`);
}

/** The lines after a seq. Reads no segment that ends before it. */
export async function* linesAfter(layout: Layout, seq: number): AsyncGenerator<LedgerLine> {
  const files = await segmentFiles(layout);
  for (let i = await firstAfter(files, seq); i < files.length; i += 1) {
    for await (const line of segmentLines(files, i)) if (line.seq > seq) yield line;
  }
}

/** The index of the first of all segments, oldest first, that has a line after a seq. The last one may have none. */
export async function firstAfter(files: readonly string[], seq: number): Promise<number> {
  for (let i = files.length - 1; i > 0; i -= 1) {
    const opening = await openingOf(files[i] ?? '');
    if (opening !== null && opening.seq <= seq) return i;
  }
  return 0;
}

/** The first line of a segment; null if it has none yet, because its opening was torn. */
export async function openingOf(file: string): Promise<OpenLine | null> {
  for await (const { bytes, torn } of readLines(file)) {
    if (torn) return null;
    const line = parsed(bytes, file);
    if (line.kind === 'open') return line;
    throw altered(`${file} does not begin with an opening line`);
  }
  return null;
}

function parsed(bytes: Buffer, file: string): LedgerLine {
  try {
    return JSON.parse(bytes.toString('utf8')) as LedgerLine;
  } catch (error) {
    throw altered(`${file} has a line that is not JSON`, error);
  }
}

function altered(what: string, cause?: unknown): Error {
  return integrityError(
    what,
    'the archive was altered or damaged. Restore it from a copy and run `auditlake verify`',
    cause,
  );
}
