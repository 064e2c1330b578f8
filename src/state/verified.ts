/**
 * What the last verification found right, for the next one to go on from. Where the ledger is signed, so is the note: else whoever
 * can write into the home could claim a verification that never was. The run after it puts the note's hash into its ledger line,
 * so that an older note does not pass for the last one.
 */
import { hash, type KeyObject, sign, verify } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../platform/durable.ts';
import { readPlain } from '../platform/plain-file.ts';
import { publicKeyFromHex, publicKeyHex } from '../platform/signing-keys.ts';
import { HEAD, HEX_32, HEX_64 } from './head.ts';
import type { Layout } from './layout.ts';

const NOTE = z.strictObject({
  version: z.literal(1),
  /** Up to which every line, and the content of every batch, was looked at. */
  head: HEAD,
  /** When all of it was looked at last, and not only what had come. */
  full_at: z.string(),
  /** Of whoever verified, over the rest. The head has the signature of its own line, which anybody can copy. */
  signature: z.strictObject({ key: HEX_32, signature: HEX_64 }).optional(),
});

type Found = Pick<z.infer<typeof NOTE>, 'head' | 'full_at'>;

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
  } catch {
    // Absent, of another user, no file or no JSON: a whole verification does without it.
    return null;
  }
}

/** @param key signs the note; null leaves it unsigned, which is enough for a ledger that is not signed either */
export async function writeVerified(
  layout: Layout,
  found: Found,
  key: KeyObject | null,
): Promise<void> {
  const signature =
    key === null
      ? {}
      : {
          signature: {
            key: publicKeyHex(key),
            signature: sign(null, signedText(found), key).toString('hex'),
          },
        };
  await writeDurably(fileOf(layout), `${JSON.stringify({ version: 1, ...found, ...signature })}\n`);
}

/** Whether a key that is trusted signed the note. @param trusted public keys in hex */
export function isVouchedFor(
  { signature, ...found }: Verified,
  trusted: readonly string[],
): boolean {
  if (signature === undefined || !trusted.includes(signature.key)) return false;
  const key = publicKeyFromHex(signature.key);
  return verify(null, signedText(found), key, Buffer.from(signature.signature, 'hex'));
}

/** Begins unlike the text that signs a ledger line, so that neither passes for the other. */
function signedText({ head, full_at }: Found): Buffer {
  return Buffer.from(`auditlake verified 1 ${head.home} ${head.seq} ${head.sha256} ${full_at}`);
}
