/**
 * Who vouches for a generation. Detections and deliveries believe what the warehouse says, and no later `verify` sees a file that was
 * put back in time: where the ledger is signed, the note about what was published is signed with the same key.
 */
import { z } from 'zod';
import { isAsLeft, isTheVeryFile, type Mark } from './mark.ts';

export const SIGNATURE = z.object({ key: z.string(), signature: z.string() });

export type Signature = z.infer<typeof SIGNATURE>;

export type NoteJudge = {
  /** Whether a trusted key made it. */
  isGood(hash: string, signature: Signature): boolean;
};

export type Notary = NoteJudge & { sign(hash: string): Signature };

/** A note's hash, and its signature if it has one. */
export type Signed = { hash: string | null; signature: Signature | null };

/** Whether the note is by a trusted key. Without a notary anybody's is. */
export function isNotarized({ hash, signature }: Signed, notary: NoteJudge | null): boolean {
  if (notary === null) return true;
  return hash !== null && signature !== null && notary.isGood(hash, signature);
}

/**
 * Whether note and file are what was published. Without a notary the mark alone says it.
 *
 * @throws what reading a file throws
 */
export async function isAsPublished(
  published: Signed & Mark & { path: string },
  notary: NoteJudge | null,
): Promise<boolean> {
  if (notary === null) return await isAsLeft(published.path, published);
  return isNotarized(published, notary) && (await isTheVeryFile(published.path, published));
}
