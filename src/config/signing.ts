import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { publicKeyHex, readPrivateKey, readPublicKey } from '../platform/signing-keys.ts';
import { readText } from './file.ts';
import type { FileConfig } from './file-schema.ts';
import { readSecret } from './secret.ts';
import type { Lookup } from './lookup.ts';

/** The key that a run signs the ledger's head with; null where none is configured. */
export function readSigningKey(lookup: Lookup, file: FileConfig): KeyObject | null {
  const { signing = {} } = file;
  const secret = readSecret(lookup, 'signing', 'key', signing, 'AUDITLAKE_SIGNING_KEY');
  return secret === null ? null : readPrivateKey(secret.text, secret.where);
}

/** Public keys that signatures must be of, as ledger lines name them. Without any, the signing key's own. */
export function readTrustedKeys(
  lookup: Lookup,
  file: FileConfig,
  signingKey: KeyObject | null,
): string[] {
  const variable = lookup.variable('AUDITLAKE_TRUSTED_KEYS');
  lookup.note(
    'trustedKeys',
    variable?.origin ?? (file.trustedKeys === undefined ? 'default' : lookup.label),
  );
  const named =
    variable === undefined
      ? (file.trustedKeys ?? []).map((path) => resolve(lookup.folder, path))
      : variable.text.split(',').map((path) => resolve(variable.folder, path.trim()));
  if (named.length === 0) return signingKey === null ? [] : [publicKeyHex(signingKey)];
  return named.map((path) => readPublicKey(readText(path, 'trustedKeys'), path));
}
