import { join } from 'node:path';
import { integrityError, usageError } from '../errors.ts';
import type { Archive } from '../state/archive.ts';
import { readBatchText } from '../state/read-batch.ts';
import { unseal, type Unsealed } from '../state/seal.ts';
import { readLines } from '../state/lines.ts';
import { leaf, pathOf, rootOf } from '../state/merkle.ts';
import { batchOf, parsed, type Proof } from './proof-format.ts';
import type { Head } from '../state/head.ts';

type Sealed = Unsealed & { text: string };

const VERIFY = '`auditlake verify` lists everything that is wrong with the archive';

/**
 * Makes the proof of one record.
 *
 * @param seq the batch that holds the record
 * @param n the record's line in the batch
 * @throws AuditlakeError `usage` if the batch was pruned or no run has closed since; `integrity` if it is not as it was committed
 */
export async function prove(archive: Archive, seq: number, n: number): Promise<Proof> {
  if (archive.isPruned(seq)) {
    throw usageError(`batch ${seq} was pruned`, 'what was removed cannot be proven');
  }
  const { chain, head } = await chainFrom(archive, seq);
  const [first] = chain;
  const { file, source, lines_root } = batchOf(first?.text ?? '');
  const texts = await readBatchText(join(archive.layout.archive, file));
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
): Promise<{ chain: Proof['ledger']; head: Head }> {
  const { home } = archive.ledger.state;
  const chain: Proof['ledger'] = [];
  let target: { line: Sealed; index: number } | null = null;
  let unsigned: { chain: Proof['ledger']; head: Head } | null = null;
  let group: string[] = [];
  for await (const line of sealedLines(archive)) {
    const covers = line.line.kind !== 'batch';
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

async function* sealedLines(archive: Archive): AsyncGenerator<Sealed> {
  for (const file of await archive.segmentFiles()) {
    for await (const { bytes, torn } of readLines(file)) {
      if (torn) return;
      const line = unseal(bytes);
      if ('fault' in line) {
        throw integrityError(`${file}: a line ${line.fault}`, VERIFY);
      }
      yield { ...line, text: bytes.toString('utf8') };
    }
  }
}

function headOf(home: string, { line, sha256, signature }: Unsealed): Head {
  return { home, seq: line.seq, at: line.at, sha256, ...signature };
}
