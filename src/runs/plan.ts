import { planWindows, type WindowPlan } from '../extract/windows.ts';
import type { StreamInfo } from '../extract/port.ts';
import type { Cursor, Millis } from '../model.ts';

/** How far back and how close to now is read. Durations in ms. */
export type Reach = { lookback: number; usageLookback: number; settle: number };

/** Which windows a stream is to be read in, from its cursor to now. */
export function planFor(
  reader: StreamInfo,
  cursor: Cursor,
  reach: Reach,
  at: { start: Millis | null; ourNow: Millis; vendorNow: Millis | null },
): WindowPlan {
  const { lookback, usageLookback, settle } = reach;
  const { kind, once, period } = reader;
  return planWindows({ kind, once, period, cursor, lookback, usageLookback, settle, ...at });
}
