import type { Cursor, Millis, OpenWindow } from '../model.ts';
import { floorSecond } from './keyset.ts';

/** "The oldest event that the vendor still has", even one whose time was never set. */
const BEGINNING = 0;

export type WindowPlan = {
  windows: OpenWindow[];
  /** What is odd about the clocks, for the anomalies; null if nothing is. */
  clock: string | null;
};

/**
 * Which windows of a log a run reads. Pure.
 *
 * What an interrupted run left open is finished first, as it was. Then comes a new window from before the watermark,
 * since events arrive late, to a little before now, since the newest seconds are still being filled.
 *
 * @param input.vendorNow the vendor's Date header; with its clock behind ours, our "now" would skip what it
 *                        has yet to write
 */
export function planWindows(input: {
  cursor: Cursor;
  start: Millis | null;
  lookback: number;
  settle: number;
  ourNow: Millis;
  vendorNow: Millis | null;
}): WindowPlan {
  const { cursor, lookback, settle } = input;
  const to = floorSecond(Math.min(input.ourNow, input.vendorNow ?? input.ourNow) - settle);
  const open = cursor.window;
  const watermark = open?.to ?? cursor.watermark;
  const isAhead = watermark !== null && watermark > to + settle;
  const reached = isAhead ? to : watermark;
  const from =
    reached === null
      ? floorSecond(input.start ?? BEGINNING)
      : floorSecond(Math.max(reached - lookback, input.start ?? BEGINNING));
  const windows = open === null ? [] : [open];
  if (from < to) windows.push({ from, to, place: from, part: null });
  return {
    windows,
    clock: isAhead
      ? `the watermark ${iso(watermark)} lies after now (${iso(to)}): a clock was or is wrong; the time before now is read all the same`
      : null,
  };
}

function iso(at: Millis): string {
  return new Date(at).toISOString();
}
