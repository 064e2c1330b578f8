/** An archive of three months and several streams, signed, and ways to alter it as somebody with a shell could. */
import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive } from '../../src/state/archive.ts';
import { BatchBuilder, type BatchHead } from '../../src/state/batch.ts';
import { type Layout, layout } from '../../src/state/layout.ts';
import { ZERO_HASH } from '../../src/state/seal.ts';
import { publicKeyHex } from '../../src/platform/signing-keys.ts';
import type { Head } from '../../src/state/head.ts';
import { type ArchiveVerdict, verifyArchive } from '../../src/evidence/verify-archive.ts';

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
  const signing = key === null ? null : { key, trusted: [publicKeyHex(key)] };
  let at = 0;
  for (const month of MONTHS) {
    for (let run = 0; run < RUNS; run += 1) {
      at = month + run * 24 * HOUR;
      const archive = await Archive.openForWriting(home, () => at, signing);
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
  return { layout: home, trusted: key === null ? [] : [publicKeyHex(key)], heads };
}

async function commit(archive: Archive, runId: string, head: BatchHead, at: number): Promise<void> {
  const batch = new BatchBuilder();
  const page = batch.page({
    request: '/x',
    status: 200,
    at,
    bytes: 1,
    sha256: ZERO_HASH,
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

/** What somebody keeps elsewhere to compare an archive with. */
export type Kept = 'nothing' | 'keys' | 'heads';

/** Does something to the archive, lets `verify` look at it, and puts it back as it was. */
export async function verdictOn(
  { layout: here, trusted, heads }: SignedArchive,
  alter: () => Promise<unknown>,
  kept: Kept,
): Promise<ArchiveVerdict> {
  const { archive, home } = here;
  const whole = join(home, 'whole');
  await rename(archive, whole);
  await cp(whole, archive, { recursive: true });
  try {
    await alter();
    const { archive: verdict } = await verifyArchive(here, {
      trusted: kept === 'keys' ? trusted : [],
      heads: kept === 'heads' ? heads : [],
      onProgress: () => undefined,
    });
    return verdict;
  } finally {
    await rm(archive, { recursive: true, force: true });
    await rename(whole, archive);
  }
}
