import { usageError, integrityError } from '../errors.ts';
import type { Archive } from '../state/archive.ts';
import { Chain } from '../state/chain.ts';
import type { Head } from '../state/head.ts';
import { pathOf } from '../state/merkle.ts';
import { type CheckedLine, wholeLedger } from '../state/read-ledger.ts';
import type { Unsealed } from '../state/seal.ts';
import { signatureFault } from '../state/signing.ts';
import type { Proof } from './proof-format.ts';

export const VERIFY = '`auditlake verify` lists everything that is wrong with the archive';

/** The ledger's part of a proof: a batch's line, lines that each cover the one before, and the last of them as a head. */
export type Covered = Pick<Proof, 'ledger' | 'head'>;

/** A batch's line on the way to a signed one. */
type Pending = {
  seq: number;
  line: CheckedLine;
  /** Its place among the lines that the next line of another kind covers. */
  index: number;
  ledger: Proof['ledger'];
  unsigned: Covered | null;
};

/**
 * For each batch, the lines from its own to the first signed line after it or, if there is none, to the first line that covers it.
 * The ledger is read once, whatever the number.
 *
 * @param trusted public keys that may have signed them; if empty, any key may
 * @throws AuditlakeError `usage` if no run has closed since one of them; `integrity` if a line is not as the chain wants it
 */
export async function coveringLines(
  archive: Archive,
  seqs: ReadonlySet<number>,
  trusted: readonly string[],
): Promise<Map<number, Covered>> {
  const { home } = archive.ledger.state;
  const first = Math.min(...seqs);
  // Signatures are checked of the lines that a proof may have; of all, only whether they are there.
  const rules = new Chain(null);
  const found = new Map<number, Covered>();
  let pending: Pending[] = [];
  let group: string[] = [];
  for await (const line of wholeLedger(archive.layout, rules)) {
    const { seq, kind } = line.line;
    if (seq >= first) mustBeSigned(home, line, trusted);
    if (kind !== 'batch') {
      pending = pending.filter((one) => !isCovered(one, line, group, home, found));
      group = [];
    }
    group.push(line.sha256);
    if (!seqs.has(seq)) continue;
    if (line.signature === null) {
      pending.push({ seq, line, index: group.length - 1, ledger: [], unsigned: null });
    } else found.set(seq, { ledger: [{ text: line.text, path: [] }], head: headOf(home, line) });
    if (found.size === seqs.size) return found;
  }
  for (const { seq, unsigned } of pending) {
    if (unsigned === null) throw notClosed(seq);
    found.set(seq, unsigned);
  }
  return found;
}

/** Takes a line that covers the one before. @returns whether it is signed, so that nothing further is needed */
function isCovered(
  pending: Pending,
  line: CheckedLine,
  group: readonly string[],
  home: string,
  found: Map<number, Covered>,
): boolean {
  const { seq, ledger } = pending;
  ledger.push({ text: pending.line.text, path: pathOf(group, pending.index) });
  const whole = { ledger: [...ledger, { text: line.text, path: [] }], head: headOf(home, line) };
  if (line.signature !== null) {
    found.set(seq, whole);
    return true;
  }
  pending.unsigned ??= whole;
  Object.assign(pending, { line, index: 0 });
  return false;
}

function notClosed(seq: number): Error {
  return usageError(
    `no run has closed since seq ${seq} was written`,
    'run `auditlake sync` and try again',
  );
}

/** @throws AuditlakeError `integrity` for a line with a signature that is not good */
function mustBeSigned(home: string, line: CheckedLine, trusted: readonly string[]): void {
  const { signature, sha256 } = line;
  if (signature === null) return;
  const { seq } = line.line;
  const fault = signatureFault({ home, seq, sha256 }, signature, trusted);
  if (fault !== null) throw integrityError(`seq ${seq} of the ledger: the line ${fault}`, VERIFY);
}

function headOf(home: string, { line, sha256, signature }: Unsealed): Head {
  return { home, seq: line.seq, at: line.at, sha256, ...signature };
}
