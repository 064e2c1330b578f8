import { during } from '../platform/progress.ts';
import type { PruneLakeDocument } from '../documents/prune.ts';
import { EXIT, usageError } from '../errors.ts';
import { daysOfMonth, isKept, isMonth, monthOf } from '../load/lake/calendar.ts';
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
    const before = await filesIn(home);
    const { compression } = lake;
    const calendar = calendarFor(config, lake, context.now());
    const options = { home, compression, ...calendar, signal };
    const { files, removed } =
      published === null
        ? { files: 0, removed: 0 }
        : await during(output, 'lake', (onProgress) =>
            writeLake({ ...options, published, onProgress }),
          );
    const document = {
      version: 1 as const,
      outcome: 'complete' as const,
      lake: {
        keeps_from: keepFrom,
        retention_seconds: Math.round((lake.retention ?? 0) / 1000),
        files,
        removed,
        ...removedFrom(before, await filesIn(home), keepFrom),
      },
    };
    return { document, exit: EXIT.complete };
  } finally {
    await lock.release();
  }
}

async function filesIn(home: string): Promise<LakeFile[]> {
  return (await readManifest(lakeFolder(home)))?.files ?? [];
}

type Removed = Pick<PruneLakeDocument['lake'], 'removed_rows' | 'removed_from' | 'removed_to'>;

/** What went, by day. Of a month of which some days went the others have files of their own. */
function removedFrom(
  before: readonly LakeFile[],
  after: readonly LakeFile[],
  keepFrom: string,
): Removed {
  const past = before.filter(({ table, span }) => !isKept(table, span, keepFrom));
  const months = new Set(past.filter(({ span }) => isMonth(span)).map(monthKey));
  const stayed = after.filter((file) => months.has(monthKey(file)));
  const days = past.flatMap(({ span }) => (isMonth(span) ? daysOfMonth(span) : [span]));
  const gone = days.filter((day) => day < keepFrom).toSorted();
  return {
    removed_rows: rowsOf(past) - rowsOf(stayed),
    removed_from: gone[0] ?? null,
    removed_to: gone.at(-1) ?? null,
  };
}

function monthKey({ table, source, span }: LakeFile): string {
  return [table, source, monthOf(span)].join('/');
}

function rowsOf(files: readonly LakeFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}
