import type { PruneLakeDocument } from '../documents/prune.ts';
import { EXIT, usageError } from '../errors.ts';
import { isKept } from '../load/lake/calendar.ts';
import { writeLake } from '../load/lake/lake.ts';
import { type LakeFile, lakeFolder, readManifest } from '../load/lake/manifest.ts';
import { publishedGeneration } from '../load/warehouse/begin.ts';
import { takeLock } from '../state/lock.ts';
import type { Context } from './context.ts';
import { calendarFor, firstDayKept } from './derive.ts';
import type { Done } from './run-streams.ts';

/**
 * Removes days from the lake that are past `lake.retention`. Nothing is lost by it: archive and warehouse keep them, and a longer
 * retention brings them back.
 */
export async function pruneLake(context: Context): Promise<Done<PruneLakeDocument>> {
  const { config, layout, output, signal } = context;
  const { home, lake } = config;
  const keepFrom = lake === null ? null : firstDayKept(lake, context.now());
  if (lake === null || keepFrom === null) {
    throw usageError(
      lake === null ? 'there is no lake: `lake` is false' : 'lake.retention is not set',
      'say in auditlake.yaml how long a day stays: lake: { retention: 400d }',
    );
  }
  const lock = await takeLock(layout);
  try {
    const published = await publishedGeneration(home);
    const past = await filesBefore(home, keepFrom);
    const { compression } = lake;
    const onProgress = (text: string): void => output.progress(text);
    const calendar = calendarFor(config, lake, context.now());
    const options = { home, compression, ...calendar, signal, onProgress };
    const { files, removed } =
      published === null ? { files: 0, removed: 0 } : await writeLake({ ...options, published });
    const document = {
      version: 1 as const,
      outcome: 'complete' as const,
      lake: {
        keeps_from: keepFrom,
        retention_seconds: Math.round((lake.retention ?? 0) / 1000),
        files,
        removed,
        removed_rows: past.reduce((sum, { rows }) => sum + rows, 0),
        removed_from: past[0]?.dt ?? null,
        removed_to: past.at(-1)?.dt ?? null,
      },
    };
    return { document, exit: EXIT.complete };
  } finally {
    await lock.release();
  }
}

/** What is to go, by day. */
async function filesBefore(home: string, keepFrom: string): Promise<LakeFile[]> {
  const manifest = await readManifest(lakeFolder(home));
  const past = (manifest?.files ?? []).filter(({ table, dt }) => !isKept(table, dt, keepFrom));
  return past.toSorted((a, b) => (a.dt < b.dt ? -1 : 1));
}
