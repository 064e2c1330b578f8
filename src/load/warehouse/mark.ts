import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { z } from 'zod';
import { sha256OfFile } from '../../platform/durable.ts';
import { isAbsent, sizeOfPlain, streamPlain } from '../../platform/plain-file.ts';

/** What a database file was like when it was closed, to tell later whether it has changed. */
export const MARK = z.object({
  bytes: z.number().int(),
  /** SHA-256 of its headers; null in notes of earlier versions. */
  header: z.string().nullable().default(null),
  /** SHA-256 of the whole file; null for a large one. */
  sha256: z.string().nullable(),
  /** When it was last written to, in nanoseconds of Unix time. A copy of a home has others. */
  modified: z.string().nullable().default(null),
  /** When anything about it last changed. Only a change of the system clock could forge that. Null in notes of earlier versions. */
  changed: z.string().nullable().default(null),
});

export type Mark = z.infer<typeof MARK>;

/** DuckDB writes one of its two database headers, which follow the file's, whenever it changes anything. */
const HEADER_BYTES = 3 * 4096;

/**
 * Reading more would take longer than all else that a usual night does. In a large file DuckDB's own checksum of each block tells
 * damage, and `verify`, which compares all rows, tells the rest.
 */
const HASHED_BYTES = 16 * 1024 * 1024;

export async function markOf(path: string): Promise<Mark> {
  const bytes = await sizeOfPlain(path);
  const sha256 = await sha256Of(path);
  const { modified, changed } = await timesOf(path);
  return { bytes, header: await headerOf(path), sha256, modified, changed };
}

/** Null for a large file. */
export async function sha256Of(path: string): Promise<string | null> {
  return (await sizeOfPlain(path)) <= HASHED_BYTES ? await sha256OfFile(path) : null;
}

/** Whether a file, or a copy of it, looks as it did when it was closed. @throws what reading a file throws */
export async function isAsLeft(path: string, mark: Mark): Promise<boolean> {
  if ((await sizeOfPlain(path)) !== mark.bytes) return false;
  if (mark.header !== null && (await headerOf(path)) !== mark.header) return false;
  return mark.sha256 === null || (await sha256OfFile(path)) === mark.sha256;
}

/**
 * Whether it is certain that nobody altered the file. A large one is not hashed, and an attacker can forge the checksums of
 * its blocks: there only the time of its last change counts, so a copy of a large file is never certain.
 *
 * @throws what reading a file throws
 */
export async function isProvenUnaltered(path: string, mark: Mark): Promise<boolean> {
  return (await isTrusted(path, mark)) && (await isAsLeft(path, mark));
}

/** Whether the mark vouches for the content: its hash does, and of a large file the time of its last change. @throws as above */
export async function isTrusted(path: string, mark: Mark): Promise<boolean> {
  return mark.sha256 !== null || (await timesOf(path)).changed === mark.changed;
}

/** Changes whenever anybody writes to the file or replaces it. */
export async function stampOf(path: string): Promise<string> {
  const { ino, changed } = await timesOf(path);
  return `${ino} ${changed}`;
}

/** Whether nobody has written to this file since it was closed; a copy counts as written to. False if it is not there. */
export async function isUntouched(path: string, mark: Mark): Promise<boolean> {
  try {
    return (await timesOf(path)).modified === mark.modified && (await isAsLeft(path, mark));
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function headerOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of streamPlain(path, { end: HEADER_BYTES })) hash.update(piece);
  return hash.digest('hex');
}

async function timesOf(path: string): Promise<{ ino: string; modified: string; changed: string }> {
  const { ino, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
  return { ino: String(ino), modified: String(mtimeNs), changed: String(ctimeNs) };
}
