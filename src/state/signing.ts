/**
 * Signs ledger lines with Ed25519. The home and the seq are inside the signed text, so that no line passes for that of
 * another home or another place.
 */
import { type KeyObject, sign, verify } from 'node:crypto';
import { publicKeyFromHex, publicKeyHex } from '../platform/signing-keys.ts';
import type { Notary, NoteKind, Signature } from '../platform/notary.ts';
import type { HeadLine } from './head.ts';

/** The key a run signs with, and the public keys, its own among them, that may have signed the lines it continues. */
export type Signing = {
  key: KeyObject;
  trusted: readonly string[];
  /** Whether the user says that the key is new, so that the lines which are there are not signed. */
  begins?: boolean;
};

/** Signs a line of one home's ledger. */
export type Signer = (line: { seq: number; sha256: string }) => Signature;

/** The exact text that is signed, without a newline. */
export function signedText({ home, seq, sha256 }: HeadLine): string {
  return `auditlake head 1 ${home} ${seq} ${sha256}`;
}

export function signerFor(home: string, privateKey: KeyObject): Signer {
  const key = publicKeyHex(privateKey);
  return (line) => {
    const text = Buffer.from(signedText({ home, ...line }));
    return { key, signature: sign(null, text, privateKey).toString('hex') };
  };
}

/** Signs the notes about what was made of one home, and says which are by a trusted key. */
export function notaryFor(home: string, { key, trusted }: Signing): Notary {
  const own = publicKeyHex(key);
  return {
    sign: (kind, hash) => ({
      key: own,
      signature: sign(null, noteText(kind, home, hash), key).toString('hex'),
    }),
    isGood: (kind, hash, signature) => isNoteSignedBy(trusted, { kind, home, hash, signature }),
  };
}

/** Whether one of the keys signed a note about a home. */
export function isNoteSignedBy(
  trusted: readonly string[],
  {
    kind,
    home,
    hash,
    signature: { key, signature },
  }: { kind: NoteKind; home: string; hash: string; signature: Signature },
): boolean {
  if (!trusted.includes(key)) return false;
  const [text, bytes] = [noteText(kind, home, hash), Buffer.from(signature, 'hex')];
  return verify(null, text, publicKeyFromHex(key), bytes);
}

/** No line of a ledger, nor a head, is signed as this text. */
function noteText(kind: NoteKind, home: string, hash: string): Buffer {
  return Buffer.from(`auditlake ${kind} 1 ${home} ${hash}`);
}

/** Whether the signature is the one that its key makes over this line. */
export function isSignedBy({ key, signature }: Signature, line: HeadLine): boolean {
  const text = Buffer.from(signedText(line));
  return verify(null, text, publicKeyFromHex(key), Buffer.from(signature, 'hex'));
}

/**
 * Checks the signature of a line that must have one.
 *
 * @param trusted public keys; if empty, the key that the line names is enough
 * @returns what is wrong, worded to follow "the line"; null if nothing is
 */
export function signatureFault(
  line: HeadLine,
  signature: Signature | null,
  trusted: readonly string[],
): string | null {
  if (signature === null) return 'is not signed, as those before it are';
  if (!isSignedBy(signature, line)) return 'has a signature that is not that of its key';
  if (trusted.length === 0 || trusted.includes(signature.key)) return null;
  return `is signed by the key ${signature.key}, which is not among the trusted ones`;
}
