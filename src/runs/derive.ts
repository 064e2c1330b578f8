/** What is made from the archive. Trouble here costs a rebuild, never a record. */
import type { Config } from '../config/load.ts';
import type { LakeResult, WarehouseResult } from '../documents/common.ts';
import { writeLake } from '../load/lake/lake.ts';
import type { Published } from '../load/warehouse/begin.ts';
import type { Context } from './context.ts';
import type { OpenHome } from './home.ts';
import { type End, endOf, type Piece } from './outcome.ts';
import { asDiskError } from '../platform/disk-error.ts';
import { during } from '../platform/progress.ts';
import { DAY, isoDay } from '../platform/time.ts';

/** Brings the warehouse up to the archive. @returns what readers have now */
export async function updateWarehouse(
  context: Context,
  { loader, published }: OpenHome,
): Promise<{ warehouse: Piece<WarehouseResult>; published: Published | null }> {
  const { result, end, ms } = await attempt(context, 'the warehouse', () =>
    during(context.output, 'loading', (report) => loader.finish(report)),
  );
  const { rows = 0 } = result ?? {};
  const seq = result?.published.seq ?? null;
  return {
    warehouse: { report: { rows, seq, ...derived(end, ms) }, exit: end.exit },
    published: result?.published ?? published,
  };
}

/** Brings the lake up to the warehouse. Null where the configuration wants none. */
export async function updateLake(
  context: Context,
  published: Published | null,
  { isFresh }: { isFresh: boolean },
): Promise<Piece<LakeResult> | null> {
  const { config, output, signal, now } = context;
  if (config.lake === null) return null;
  const { compression } = config.lake;
  const options = {
    home: config.home,
    compression,
    ...calendarFor(config, config.lake, now()),
    all: isFresh,
    signal,
  };
  const { result, end, ms } = await attempt(context, 'the lake', async () => {
    if (published === null) return null;
    const written = await during(output, 'lake', (onProgress) =>
      writeLake({ ...options, published, onProgress }),
    );
    return written.files + written.removed === 0 ? null : written;
  });
  const report = { files: 0, rows: 0, seq: null, ...derived(end, ms), ...result };
  return { report, exit: end.exit };
}

/** What the lake keeps, and which months still change. */
export function calendarFor(
  { lookback }: Pick<Config, 'lookback'>,
  lake: NonNullable<Config['lake']>,
  now: number,
): { openFrom: string; keepFrom: string | null } {
  const settled = isoDay(now - Math.max(lookback, SETTLES_AFTER));
  return {
    openFrom: `${settled.slice(0, 'yyyy-mm'.length)}-01`,
    keepFrom: firstDayKept(lake, now),
  };
}

/** Events of a day may come after the lookback, where a run or a comparison with the vendor was late: rarely after a week. */
const SETTLES_AFTER = 7 * DAY;

/** As YYYY-MM-DD; null where the lake keeps all. */
export function firstDayKept(
  { retention }: NonNullable<Config['lake']>,
  now: number,
): string | null {
  return retention === null ? null : isoDay(now - retention);
}

type DerivedEnd = Pick<WarehouseResult, 'outcome' | 'ms' | 'error' | 'hint'>;

function derived({ outcome, error }: End<WarehouseResult['outcome']>, ms: number): DerivedEnd {
  return { outcome, ms, ...(error === null ? {} : { error: error.message, hint: error.hint }) };
}

/** `ms` is how long the run had to wait: most of the warehouse is loaded while the vendor is still being read. */
async function attempt<T>(
  { config, output }: Context,
  what: string,
  work: () => Promise<T | null>,
): Promise<{ result: T | null; end: End<WarehouseResult['outcome']>; ms: number }> {
  const startedAt = performance.now();
  let result: T | null = null;
  let failure: unknown = null;
  try {
    result = await work();
  } catch (error) {
    failure = asDiskError(error, config.home);
  }
  const end = endOf(failure);
  // What is understood is among the causes that the run reports.
  if (end.error?.code === 'defect') {
    output.log.error({ err: failure }, `${what} could not be brought up to date`);
  }
  return { result, end, ms: Math.round(performance.now() - startedAt) };
}
