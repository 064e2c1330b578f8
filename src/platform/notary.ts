/**
 * Who vouches for a note of the home. Detections and deliveries believe what notes say, and no later `verify` sees a file that was
 * put back in time: where the ledger is signed, notes are signed with the same key.
 */
import { z } from 'zod';

/** An Ed25519 public key, 32 bytes in hex, and what its private key signed with, 64 bytes in hex. */
export const SIGNATURE = z.object({ key: z.string(), signature: z.string() });

export type Signature = z.infer<typeof SIGNATURE>;

/** What a note is about. A signature of one kind is none of another. */
export type NoteKind = 'warehouse' | 'positions';

export type NoteJudge = {
  /** Whether a trusted key made it. */
  isGood(kind: NoteKind, hash: string, signature: Signature): boolean;
};

export type Notary = NoteJudge & { sign(kind: NoteKind, hash: string): Signature };

/** A note's hash, and its signature if it has one. */
export type Signed = { hash: string | null; signature: Signature | null };

/** Whether the note is by a trusted key. Without a notary anybody's is. */
export function isNotarized(
  kind: NoteKind,
  { hash, signature }: Signed,
  notary: NoteJudge | null,
): boolean {
  if (notary === null) return true;
  return hash !== null && signature !== null && notary.isGood(kind, hash, signature);
}
