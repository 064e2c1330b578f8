import { integrityError, usageError } from '../errors.ts';
import type { Archive } from '../state/archive.ts';
import { leaf, pathOf, rootOf } from '../state/merkle.ts';
import { readBatchText } from '../state/read-batch.ts';
import { coveringLines, VERIFY } from './covering-lines.ts';
import { batchOf, parsed, type Proof } from './proof-format.ts';

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
  const covered = (await coveringLines(archive, new Set([seq]), trusted)).get(seq);
  if (covered === undefined) {
    throw integrityError(`the ledger has no line of seq ${seq}`, VERIFY);
  }
  const { ledger, head } = covered;
  const batch = batchOf(ledger[0]?.text ?? '');
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
    ledger,
    head,
  };
  if (rootOf(leaves) !== lines_root) {
    throw integrityError(`${file} is not as it was committed`, VERIFY);
  }
  return proof;
}
