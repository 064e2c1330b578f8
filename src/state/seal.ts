/** How a ledger line is sealed with its own hash, and how a sealed line is read. Pure. */
import { wellFormedTexts } from '../platform/key.ts';
import type { Signature } from '../platform/notary.ts';
import { type LedgerLine, shapeFault } from './ledger-schema.ts';
import { leaf } from './merkle.ts';
import type { Signer } from './signing.ts';

/** The `prev` of the very first line. */
export const ZERO_HASH = '0'.repeat(64);

const SEAL = ',"sha256":"';
const SEALED =
  /^,"sha256":"([0-9a-f]{64})"(?:,"key":"([0-9a-f]{64})","signature":"([0-9a-f]{128})")?\}$/;

/** The line's text without newline, and its hash, which the next line names as `prev`. */
export function seal(
  line: LedgerLine,
  prev: string,
  sign: Signer | null,
): { text: string; sha256: string; signature: Signature | null } {
  const content = JSON.stringify({ ...line, prev }, wellFormedTexts).slice(0, -1);
  const sha256 = leaf(content);
  // Every line is signed, not just the last of a run: after a crash, the signature tells our lines from somebody else's.
  const signature = sign?.({ seq: line.seq, sha256 }) ?? null;
  const signed =
    signature === null ? '' : `,"key":"${signature.key}","signature":"${signature.signature}"`;
  return { text: `${content}${SEAL}${sha256}"${signed}}`, sha256, signature };
}

export type Unsealed = {
  line: LedgerLine;
  /** The hash that the line names as that of the line before it. */
  prev: string;
  sha256: string;
  signature: Signature | null;
};

/**
 * Checks a line against its own hash; neither its place in the chain nor its signature.
 *
 * @returns the line, or what is wrong with it, worded to follow "the line"
 */
export function unseal(bytes: Buffer): Unsealed | { fault: string } {
  const at = bytes.lastIndexOf(SEAL);
  const sealed = at < 0 ? null : SEALED.exec(bytes.toString('latin1', at));
  if (sealed === null) return { fault: 'is not sealed' };
  const [, sha256 = '', key, signature] = sealed;
  if (leaf(bytes.subarray(0, at)) !== sha256) return { fault: 'does not match its own hash' };
  const value = parsed(bytes);
  if (value === undefined) return { fault: 'is not JSON' };
  const fault = shapeFault(value);
  if (fault !== null) return { fault };
  const { prev, ...line } = value as LedgerLine & { prev: string };
  return {
    line,
    prev,
    sha256,
    signature: key === undefined || signature === undefined ? null : { key, signature },
  };
}

const SEALED_AND_MORE =
  /^,"sha256":"([0-9a-f]{64})"(?:,"key":"[0-9a-f]{64}","signature":"[0-9a-f]{128}")?\}[^]/;

/**
 * Whether an interrupted write may have left these bytes, which no newline follows, at the end of a segment. It leaves the beginning
 * of a line, and never a whole one with something after it.
 */
export function isCutOff(tail: Buffer): boolean {
  const at = tail.lastIndexOf(SEAL);
  const sha256 = at < 0 ? undefined : SEALED_AND_MORE.exec(tail.toString('latin1', at))?.[1];
  return sha256 === undefined || leaf(tail.subarray(0, at)) !== sha256;
}

/** Far more than any line is known to need, and far less than a reader takes in. */
const LONGEST = 16 * 1024 * 1024;

/**
 * Refuses a line that no reader would take: once appended, it would keep the ledger from ever being continued.
 *
 * @throws Error, a defect: nothing that is appended may come to this
 */
export function mustBeReadable(text: string): void {
  const bytes = Buffer.from(text);
  const read = unseal(bytes);
  const fault =
    bytes.length > LONGEST ? `is ${bytes.length} bytes long` : 'fault' in read ? read.fault : null;
  if (fault !== null) throw new Error(`the ledger line that was to be appended ${fault}`);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
