/**
 * Signed heads. A head says which ledger it is of and what its line with that seq is, and through the chain of hashes all
 * lines before. Ed25519, with the home and the seq inside what is signed: no head passes for that of another home or place.
 */
import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from 'node:crypto';
import { messageOf, usageError } from '../errors.ts';

export type Signature = {
  /** The public key, 32 bytes in hex. */
  key: string;
  /** 64 bytes in hex: in base64 a flipped bit could go unnoticed. */
  signature: string;
};

/** What leaves the host after every run. Without a key it is unsigned, and only as good as the place where it is kept. */
export type Head = {
  home: string;
  seq: number;
  at: string;
  sha256: string;
  key?: string | undefined;
  signature?: string | undefined;
};

/** Signs the line of a ledger. */
export type Signer = (line: { seq: number; sha256: string }) => Signature;

/** The exact text that is signed, without a newline. */
export function statementOf(head: { home: string; seq: number; sha256: string }): string {
  return `auditlake head 1 ${head.home} ${head.seq} ${head.sha256}`;
}

/** Whether the signature is that of its key over this head. */
export function isSigned(
  head: { home: string; seq: number; sha256: string },
  { key, signature }: Signature,
): boolean {
  const statement = Buffer.from(statementOf(head));
  return verifyBytes(null, statement, publicKeyOf(key), Buffer.from(signature, 'hex'));
}

/** What a run signs with, and the public keys, its own among them, that lines may be signed by which it goes on from. */
export type Signing = { key: KeyObject; trusted: readonly string[] };

/** What is wrong with the signature of a line that must have one; null if nothing is. */
export function signatureFault(
  head: { home: string; seq: number; sha256: string },
  signature: Signature | null,
  trusted: readonly string[],
): string | null {
  if (signature === null) return 'is not signed, as those before it are';
  if (!isSigned(head, signature)) return 'has a signature that is not that of its key';
  if (trusted.length === 0 || trusted.includes(signature.key)) return null;
  return `is signed by the key ${signature.key}, which is not among the trusted ones`;
}

/** Signs lines of this home. */
export function signerFor(home: string, privateKey: KeyObject): Signer {
  const key = rawKey(createPublicKey(privateKey));
  return (line) => ({
    key,
    signature: signBytes(null, Buffer.from(statementOf({ home, ...line })), privateKey).toString(
      'hex',
    ),
  });
}

/**
 * Reads a private key.
 *
 * @param where how a message names it; the text itself is never repeated
 */
export function readPrivateKey(pem: string, where: string): KeyObject {
  return ed25519(() => createPrivateKey(pem), where, 'openssl genpkey -algorithm ed25519');
}

/** Reads a public key and returns it as ledger lines name it. */
export function readPublicKey(pem: string, where: string): string {
  if (pem.includes('PRIVATE KEY')) {
    throw usageError(
      `${where} is a private key`,
      'whoever verifies needs the public one only: `openssl pkey -in KEY -pubout`',
    );
  }
  return rawKey(ed25519(() => createPublicKey(pem), where, 'openssl pkey -in KEY -pubout'));
}

/** The public half of a private key, as ledger lines name it. */
export function publicKeyText(privateKey: KeyObject): string {
  return rawKey(createPublicKey(privateKey));
}

function ed25519(read: () => KeyObject, where: string, command: string): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    throw usageError(
      `${where} is not a key in PEM: ${messageOf(error)}`,
      `\`${command}\` writes one`,
    );
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw usageError(
    `${where} is a key of type ${key.asymmetricKeyType ?? 'unknown'}, not Ed25519`,
    `\`${command}\` writes one`,
  );
}

function rawKey(key: KeyObject): string {
  const { x = '' } = key.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('hex');
}

function publicKeyOf(raw: string): KeyObject {
  const x = Buffer.from(raw, 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
