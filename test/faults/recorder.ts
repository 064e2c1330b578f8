/** One sync of an audit log into an archive, in this process: no command, no warehouse. */
import { generateKeyPairSync } from 'node:crypto';
import type { SourceReader } from '../../src/extract/port.ts';
import { readSources, type ReadReport } from '../../src/runs/read-sources.ts';
import { Archive } from '../../src/state/archive.ts';
import { layout } from '../../src/state/layout.ts';
import { publicKeyHex } from '../../src/platform/signing-keys.ts';
import type { Signing } from '../../src/state/signing.ts';
import { syncJob } from '../../src/runs/sync.ts';

const HOUR = 3_600_000;
export const LOOKBACK = 24 * HOUR;
export const SETTLE = 60_000;

const key = generateKeyPairSync('ed25519').privateKey;
export const TRUSTED = [publicKeyHex(key)];
export const SIGNING: Signing = { key, trusted: TRUSTED };

/** Opens the archive, as every run does, and syncs. The source is closed in any case. */
export async function record(
  home: string,
  source: SourceReader,
  now: () => number,
): Promise<ReadReport> {
  try {
    const archive = await Archive.openForWriting(layout(home), now, SIGNING);
    const job = syncJob({
      lookback: LOOKBACK,
      usageLookback: LOOKBACK,
      settle: SETTLE,
      start: () => null,
      reached: () => ({ newest: Number.POSITIVE_INFINITY, hasPruned: false }),
      measured: now,
    });
    const { report } = await readSources(job, {
      archive,
      sources: [source],
      wants: (_source, stream) => stream === 'audit-logs',
      isRequired: (_source, reader) => reader.required,
      onBatch: () => undefined,
      onProgress: () => undefined,
      signal: new AbortController().signal,
      now,
    });
    return report;
  } finally {
    await source.close();
  }
}
