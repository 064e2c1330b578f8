import { usageError } from '../errors.ts';
import { unseal, type Unsealed } from '../state/seal.ts';
import { climb, leaf } from '../state/merkle.ts';
import { batchOf, parsed, PROOF, type Proof } from './proof-format.ts';
import type { Head } from '../state/head.ts';
import { isSignedBy } from '../state/signing.ts';

/** What a proof shows, and what is wrong with it: without faults, it holds. */
type ProofVerdict = {
  faults: string[];
  event_uid: string;
  source: string;
  occurred_at: string | null;
  /** The request, its time, the hash of the whole answer, and the rule by which texts were hidden in it before it was hashed. */
  page: { request: string; at: string; sha256: string; redaction?: string };
  record: string;
  head: Head;
  /** What the head is trusted for; null if nothing, so that anybody could have made the proof. */
  vouched_by: 'trusted key' | 'kept head' | null;
};

/**
 * Checks a proof without the archive.
 *
 * @param trusted public keys that may have signed the head; if empty, the signature is checked against the key that it names
 * @param heads   heads that were kept elsewhere
 */
export function checkProof(
  input: unknown,
  trusted: readonly string[],
  heads: readonly Head[],
): ProofVerdict {
  const read = PROOF.safeParse(input);
  if (!read.success) {
    throw usageError('this is not a proof of version 1', '`auditlake verify --event` writes one');
  }
  const proof = read.data;
  const batch = batchOf(proof.ledger[0]?.text ?? '');
  const [record, page] = proof.batch.map(({ text }) => parsed(text));
  if (record?.kind !== 'record' || page?.kind !== 'page') {
    throw usageError('this is not a proof of a record', '`auditlake verify --event` writes one');
  }
  const faults: string[] = [];
  if (proof.event_uid !== `${batch.source}:${record.key}`) {
    faults.push('the record belongs to another event');
  }
  if (page.page !== record.page) faults.push('the record did not come with this page');
  for (const [i, { text, path }] of proof.batch.entries()) {
    if (climb(leaf(text), path) === batch.lines_root) continue;
    faults.push(`the ${i === 0 ? 'record' : 'page'} is not in the batch`);
  }
  const lines = proof.ledger.map(({ text }) => unseal(Buffer.from(text)));
  faults.push(
    ...chainFaults(proof, lines),
    ...headFaults(proof.head, lines.at(-1), trusted, heads),
  );
  return {
    faults,
    event_uid: proof.event_uid,
    source: batch.source,
    occurred_at: record.time,
    page: {
      request: page.request,
      at: page.at,
      sha256: page.sha256,
      ...(page.redaction === undefined ? {} : { redaction: page.redaction }),
    },
    record: record.record,
    head: proof.head,
    vouched_by: voucherOf(proof.head, lines, trusted, heads),
  };
}

/** From the batch's line to the head, each line must be sound and covered by the next. */
function chainFaults(proof: Proof, lines: readonly (Unsealed | { fault: string })[]): string[] {
  const faults: string[] = [];
  for (const [i, line] of lines.entries()) {
    if ('fault' in line) {
      faults.push(`ledger line ${i + 1} ${line.fault}`);
      continue;
    }
    const { signature, sha256 } = line;
    const place = { home: proof.head.home, seq: line.line.seq, sha256 };
    if (signature !== null && !isSignedBy(signature, place)) {
      faults.push(`ledger line ${i + 1} has a signature that is not that of its key`);
    }
    const next = lines[i + 1];
    if (next === undefined || 'fault' in next) continue;
    const covers = next.line.kind === 'batch' ? null : next.line.covers;
    if (climb(line.sha256, proof.ledger[i]?.path ?? []) === covers) continue;
    faults.push(`ledger line ${i + 2} does not cover the one before`);
  }
  return faults;
}

/**
 * A signature vouches for a line that is signed itself. An unsigned one that a signed line covers was written before there was a
 * key, or by somebody who took the signatures away: it was there when the first line was signed, which says nothing of its origin.
 */
function voucherOf(
  head: Head,
  lines: readonly (Unsealed | { fault: string })[],
  trusted: readonly string[],
  heads: readonly Head[],
): ProofVerdict['vouched_by'] {
  if (
    heads.some(
      ({ home, seq, sha256 }) => home === head.home && seq === head.seq && sha256 === head.sha256,
    )
  ) {
    return 'kept head';
  }
  const isSigned = lines.every(
    (line) => 'line' in line && line.signature !== null && trusted.includes(line.signature.key),
  );
  return isSigned && head.key !== undefined && trusted.includes(head.key) ? 'trusted key' : null;
}

function headFaults(
  head: Head,
  last: Unsealed | { fault: string } | undefined,
  trusted: readonly string[],
  heads: readonly Head[],
): string[] {
  const faults: string[] = [];
  if (last === undefined || 'fault' in last || last.sha256 !== head.sha256) {
    faults.push('the last ledger line is not the head');
  } else if (last.line.seq !== head.seq || last.line.at !== head.at) {
    faults.push('the head has another seq or time than its line');
  }
  const { key, signature } = head;
  if (key !== undefined && signature !== undefined) {
    if (!isSignedBy({ key, signature }, head)) faults.push('the signature is not that of its key');
    if (trusted.length > 0 && !trusted.includes(key)) {
      faults.push(`the head is signed by the key ${key}, which is not among the trusted ones`);
    }
  } else if (trusted.length > 0) faults.push('the head is not signed');
  const kept = heads.filter(({ seq }) => seq === head.seq);
  if (kept.some(({ home, sha256 }) => home !== head.home || sha256 !== head.sha256)) {
    faults.push('the head is not the one that was kept');
  }
  return faults;
}
