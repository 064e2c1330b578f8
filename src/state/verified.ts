/**
 * What the last verification found right, for the next one to go on from. The run after it puts the hash of this note into its
 * ledger line: a note that nobody has put there proves nothing.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../platform/durable.ts';
import { isAbsent, readPlain } from '../platform/plain-file.ts';
import { HEAD, type Head } from './head.ts';
import type { Layout } from './layout.ts';

const NOTE = z.strictObject({
  version: z.literal(1),
  /** Up to which every line, and the content of every batch, was looked at. */
  head: HEAD,
  /** When all of it was looked at last, and not only what had come. */
  full_at: z.string(),
});

export type Verified = z.infer<typeof NOTE> & {
  /** SHA-256 of the note. */
  sha256: string;
};

const LARGEST = 64 * 1024;

function fileOf(layout: Layout): string {
  return join(layout.home, 'verified.json');
}

/** Null if there is no note, or none that auditlake wrote. */
export async function readVerified(layout: Layout): Promise<Verified | null> {
  try {
    const text = (await readPlain(fileOf(layout), LARGEST)).toString('utf8');
    const { data } = NOTE.safeParse(JSON.parse(text));
    return data === undefined ? null : { ...data, sha256: hash('sha256', text) };
  } catch (error) {
    // A full verification does without it.
    if (isAbsent(error) || error instanceof SyntaxError || isNoFile(error)) return null;
    throw error;
  }
}

export async function writeVerified(
  layout: Layout,
  { head, full_at }: { head: Head; full_at: string },
): Promise<void> {
  await writeDurably(fileOf(layout), `${JSON.stringify({ version: 1, head, full_at })}\n`);
}

function isNoFile(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOTFILE', 'EFBIG'].includes(String(error.code))
  );
}
