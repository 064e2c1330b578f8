/** The ledger's segment files, one per month. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
    const line = parsedLine(bytes, file);
    if (line.kind === 'open') return line;
    throw altered(`${file} does not begin with an opening line`);
  }
  return null;
}

export function parsedLine(bytes: Buffer, file: string): LedgerLine {
  try {
    return JSON.parse(bytes.toString('utf8')) as LedgerLine;
  } catch (error) {
    throw altered(`${file} has a line that is not JSON`, error);
  }
}

/** The archive is not as a run wrote it; nothing goes on from it. */
export function altered(what: string, cause?: unknown): Error {
  return integrityError(
    what,
    'the archive was altered or damaged. Restore it from a copy and run `auditlake verify`',
    cause,
  );
}
