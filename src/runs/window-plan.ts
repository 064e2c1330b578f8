import { planWindows, type WindowPlan } from '../extract/windows.ts';
import type { StreamInfo } from '../extract/port.ts';
import { type Cursor, KINDS, type Millis } from '../model.ts';
import { type StreamTotals, streamKey } from '../state/carried.ts';
import type { LedgerState } from '../state/ledger-state.ts';

/** How far back and how close to now is read. Durations in ms. */
export type WindowSettings = { lookback: number; usageLookback: number; settle: number };

/** What is archived of a stream, as far as it says where to go on. */
export type Reached = { newest: Millis; hasPruned: boolean };

/** Nothing is archived. */
export const NOTHING_REACHED: Reached = { newest: 0, hasPruned: false };

/** Where events do not say when they happened, only the cursor knows how far was read. */
export function reachedOf(
  { totals, pruned }: Pick<LedgerState, 'totals' | 'pruned'>,
  source: string,
  stream: string,
): Reached {
  const found: StreamTotals | undefined = totals[streamKey(source, stream)];
  const hasPruned = pruned.at > 0;
  if (found === undefined || found.records === 0) return { newest: 0, hasPruned };
  const newest = found.max_time === null ? Number.POSITIVE_INFINITY : Date.parse(found.max_time);
  return { newest, hasPruned };
}

/** How far before the watermark a stream is read again: of figures at least as far as the vendor restates them. */
export function lookbackOf(
  { kind, restated = 0 }: StreamInfo,
  { lookback, usageLookback }: WindowSettings,
): Millis {
  return KINDS[kind].hasPeriods ? Math.max(usageLookback, restated) : lookback;
}

/** Which windows of a stream are to be read, from its cursor to now. */
export function windowPlan(
  reader: StreamInfo,
  cursor: Cursor,
  settings: WindowSettings,
  at: Reached & { start: Millis | null; ourNow: Millis; vendorNow: Millis | null },
): WindowPlan {
  const { kind, once, period } = reader;
  const lookback = lookbackOf(reader, settings);
  return planWindows({ kind, once, period, cursor, lookback, settle: settings.settle, ...at });
}
