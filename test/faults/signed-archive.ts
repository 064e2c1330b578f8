/** An archive of three months and several streams, signed, and ways to alter it as somebody with a shell could. */
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive } from '../../src/state/archive.ts';
import { BatchBuilder, type BatchHead } from '../../src/state/batch.ts';
import { type Layout, layout } from '../../src/state/layout.ts';
import { type LedgerLine, NO_LINE, seal, unseal } from '../../src/state/ledger-line.ts';
import { rootOf } from '../../src/state/merkle.ts';
import { type Head, publicKeyText, signerFor } from '../../src/state/signing.ts';

const HOUR = 3_600_000;
const MONTHS = [3, 4, 5].map((month) => Date.UTC(2026, month, 10));
const RUNS = 2;

const STREAMS: BatchHead[] = [
  ['tabnine', 'audit-logs', 'log'],
  ['tabnine', 'users', 'snapshot'],
  ['devin', 'audit-logs', 'log'],
].map(([source = '', stream = '', kind = '']) => ({
  source,
  vendor: source,
  stream,
  stream_kind: kind as BatchHead['stream_kind'],
  organization_id: `${source}-organization`,
}));

export type SignedArchive = {
  layout: Layout;
  trusted: string[];
  /** Those of every run, as they were kept elsewhere. */
  heads: Head[];
};

export function newKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

/** Made in a folder of its own; whoever asks removes it. */
export async function signedArchive(key: KeyObject | null): Promise<SignedArchive> {
  const home = layout(await mkdtemp(join(tmpdir(), 'auditlake-tampering-')));
  const heads: Head[] = [];
  let at = 0;
  for (const month of MONTHS) {
    for (let run = 0; run < RUNS; run += 1) {
      at = month + run * 24 * HOUR;
      const archive = await Archive.openForWriting(home, () => at, key);
      const runId = `run-${at}`;
      for (const head of STREAMS) await commit(archive, runId, head, at);
      const started_at = new Date(at).toISOString();
      await archive.closeRun({
        kind: 'run',
        job: 'sync',
        run_id: runId,
        started_at,
        finished_at: started_at,
        outcome: 'complete',
        streams: [],
      });
      if (archive.ledger.head !== null) heads.push(archive.ledger.head);
    }
  }
  return { layout: home, trusted: key === null ? [] : [publicKeyText(key)], heads };
}

async function commit(archive: Archive, runId: string, head: BatchHead, at: number): Promise<void> {
  const batch = new BatchBuilder();
  const page = batch.page({
    request: '/x',
    status: 200,
    at,
    bytes: 1,
    sha256: NO_LINE,
    records: 5,
  });
  for (let n = 0; n < 5; n += 1) {
    const record = { id: `${head.stream}-${at}-${n}`, timestamp: new Date(at).toISOString() };
    batch.record(page, record.id, at, Buffer.from(JSON.stringify(record)));
  }
  const counts = { pages: 1, records: 5, new: 5, changed: 0 };
  const cursor = { watermark: at, window: null, base: null };
  await archive.commit(runId, head, batch, counts, () => cursor);
}

/** The files of the archive, relative to it, sorted. */
export async function filesOf({ archive }: Layout): Promise<string[]> {
  const entries = await readdir(archive, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(archive.length + 1))
    .toSorted();
}

/** Does something to the archive, looks at it, and puts it back as it was. */
export async function altered<T>(
  { archive, home }: Layout,
  alter: () => Promise<void>,
  look: () => Promise<T>,
): Promise<T> {
  const copy = join(home, 'copy');
  await cp(archive, copy, { recursive: true });
  try {
    await alter();
    return await look();
  } finally {
    await rm(archive, { recursive: true, force: true });
    await cp(copy, archive, { recursive: true });
    await rm(copy, { recursive: true });
  }
}

/** Edits a segment's lines as text. */
export async function editSegment(
  { ledger }: Layout,
  segment: string,
  edit: (lines: string[]) => string[],
): Promise<void> {
  const file = join(ledger, `${segment}.ndjson`);
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  await writeFile(
    file,
    edit(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/**
 * Rewrites the whole ledger around edited lines, with all numbers, hashes and coverings right: what somebody does who
 * knows the format but may not have the key.
 */
export async function forge(
  { ledger }: Layout,
  edit: (lines: LedgerLine[]) => LedgerLine[],
  key: KeyObject | null,
): Promise<void> {
  let prev = NO_LINE;
  let uncovered: string[] = [];
  let home = '';
  let seq = 0;
  let previous: { file: string; sha256: string; seq: number } | null = null;
  for (const file of (await readdir(ledger)).toSorted()) {
    const text = (await readFile(join(ledger, file), 'utf8')).split('\n').slice(0, -1);
    const forged: string[] = [];
    for (const old of edit(text.map(lineOf))) {
      seq += 1;
      if (old.kind === 'open') home = old.home;
      const numbered: LedgerLine =
        old.kind === 'open' ? { ...old, seq, previous } : { ...old, seq };
      const line: LedgerLine =
        numbered.kind === 'batch' ? numbered : { ...numbered, covers: rootOf(uncovered) };
      const sealed = seal(line, prev, key === null ? null : signerFor(home, key));
      forged.push(`${sealed.text}\n`);
      prev = sealed.sha256;
      if (line.kind === 'batch') uncovered.push(prev);
      else uncovered = [prev];
    }
    await writeFile(join(ledger, file), forged.join(''));
    previous = { file, sha256: hash('sha256', forged.join('')), seq };
  }
}

export function lineOf(text: string): LedgerLine {
  const unsealed = unseal(Buffer.from(text));
  if ('fault' in unsealed) throw new Error(`the line ${unsealed.fault}`);
  return unsealed.line;
}
