import { integrityError, usageError } from '../errors.ts';
import type { Archive } from '../state/archive.ts';
import { readBatchText } from '../state/read-batch.ts';
import { Chain } from '../state/chain.ts';
import { type CheckedLine, wholeLedger } from '../state/read-ledger.ts';
import { signatureFault } from '../state/signing.ts';
import type { Unsealed } from '../state/seal.ts';
import { leaf, pathOf, rootOf } from '../state/merkle.ts';
import { batchOf, parsed, type Proof } from './proof-format.ts';
import type { Head } from '../state/head.ts';

const VERIFY = '`auditlake verify` lists everything that is wrong with the archive';

/**
 * Makes the proof of one record.
 *
 * @param seq the batch that holds the record
 * @param n the record's line in the batch
 * @param trusted public keys that may have signed its lines; if empty, any key may
 * @throws AuditlakeError `usage` if the batch was pruned or no run has closed since; `integrity` if it is not as it was committed,
 *   or a line of the ledger is not as the chain wants it: a proof would make more of it than it is
 */
export async function prove(
  archive: Archive,
  { seq, n }: { seq: number; n: number },
  trusted: readonly string[],
): Promise<Proof> {
  if (archive.isPruned(seq)) {
    throw usageError(`batch ${seq} was pruned`, 'what was removed cannot be proven');
  }
  const { chain, head } = await chainFrom(archive, seq, trusted);
  const [first] = chain;
  const batch = batchOf(first?.text ?? '');
  const { file, source, lines_root } = batch;
  const texts = await readBatchText(archive.layout, batch);
  const leaves = texts.map(leaf);
  const record = parsed(texts[n]);
  const page = texts.findIndex((text) => {
    const line = parsed(text);
    return line.kind === 'page' && record.kind === 'record' && line.page === record.page;
  });
  if (record.kind !== 'record' || page < 0) {
    throw integrityError(`${file}, line ${n}: there is no record with its page`, VERIFY);
  }
  const lineAt = (index: number): Proof['batch'][number] => ({
    text: texts[index] ?? '',
    path: pathOf(leaves, index),
  });
  const proof: Proof = {
    version: 1,
    event_uid: `${source}:${record.key}`,
    batch: [lineAt(n), lineAt(page)],
    ledger: chain,
    head,
  };
  if (rootOf(leaves) !== lines_root) {
    throw integrityError(`${file} is not as it was committed`, VERIFY);
  }
  return proof;
}

/** The lines from a batch's to the first signed line after it or, if there is none, to the first line that covers it. */
async function chainFrom(
  archive: Archive,
  seq: number,
  trusted: readonly string[],
): Promise<{ chain: Proof['ledger']; head: Head }> {
  const { home } = archive.ledger.state;
  // Signatures are checked of the lines that the proof has; of all, only whether they are there.
  const rules = new Chain(null);
  const chain: Proof['ledger'] = [];
  let target: { line: CheckedLine; index: number } | null = null;
  let unsigned: { chain: Proof['ledger']; head: Head } | null = null;
  let group: string[] = [];
  for await (const line of wholeLedger(archive.layout, rules)) {
    const covers = line.line.kind !== 'batch';
    if (line.line.seq >= seq) mustBeSigned(home, line, trusted);
    if (target !== null && covers) {
      chain.push({ text: target.line.text, path: pathOf(group, target.index) });
      const whole = { chain: [...chain, { text: line.text, path: [] }], head: headOf(home, line) };
      if (line.signature !== null) return whole;
      unsigned ??= whole;
    }
    group = covers ? [line.sha256] : [...group, line.sha256];
    if (line.line.seq === seq && line.signature !== null) {
      return { chain: [{ text: line.text, path: [] }], head: headOf(home, line) };
    }
    if (line.line.seq === seq) target = { line, index: group.length - 1 };
    else if (target !== null && covers) target = { line, index: 0 };
  }
  if (unsigned !== null) return unsigned;
  throw usageError(
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
