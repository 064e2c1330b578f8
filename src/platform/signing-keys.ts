/** Ed25519 keys as files hold them (PEM) and as ledger lines name them (32 bytes in hex). */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { messageOf, usageError } from '../errors.ts';

/**
 * Reads a private key.
 *
 * @param label names the key in error messages, which never repeat the text itself
 * @throws AuditlakeError `usage` if the text is not an Ed25519 key in PEM
 */
export function readPrivateKey(pem: string, label: string): KeyObject {
  return ed25519(() => createPrivateKey(pem), label, 'openssl genpkey -algorithm ed25519');
}

/**
 * Reads a public key and returns it in hex.
 *
 * @throws AuditlakeError `usage` if the text is a private key, or not an Ed25519 key in PEM
 */
export function readPublicKey(pem: string, label: string): string {
  if (pem.includes('PRIVATE KEY')) {
    throw usageError(
      `${label} is a private key`,
      'verifying takes the public key only: `openssl pkey -in KEY -pubout`',
    );
  }
  return toHex(ed25519(() => createPublicKey(pem), label, 'openssl pkey -in KEY -pubout'));
}

/** The public half of a private key, in hex. */
export function publicKeyHex(privateKey: KeyObject): string {
  return toHex(createPublicKey(privateKey));
}

/** The public key behind its hex form. */
export function publicKeyFromHex(hex: string): KeyObject {
  const x = Buffer.from(hex, 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function ed25519(read: () => KeyObject, label: string, command: string): KeyObject {
  const hint = `create one with \`${command}\``;
  let key: KeyObject;
  try {
    key = read();
  } catch (error) {
    throw usageError(`${label} is not a key in PEM format: ${messageOf(error)}`, hint);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw usageError(
    `${label} is a key of type ${key.asymmetricKeyType ?? 'unknown'}, not Ed25519`,
    hint,
  );
}

function toHex(publicKey: KeyObject): string {
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('hex');
}
