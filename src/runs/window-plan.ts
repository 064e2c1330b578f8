import { planWindows, type WindowPlan } from '../extract/windows.ts';
import type { StreamInfo } from '../extract/port.ts';
import type { Cursor, Millis } from '../model.ts';

/** How far back and how close to now is read. Durations in ms. */
export type WindowSettings = { lookback: number; usageLookback: number; settle: number };

/** Which windows of a stream are to be read, from its cursor to now. */
export function windowPlan(
  reader: StreamInfo,
  cursor: Cursor,
  { lookback, usageLookback, settle }: WindowSettings,
  at: { start: Millis | null; ourNow: Millis; vendorNow: Millis | null },
): WindowPlan {
  const { kind, once, period } = reader;
  return planWindows({ kind, once, period, cursor, lookback, usageLookback, settle, ...at });
}
