import {
  type Cursor,
  KINDS,
  type Millis,
  type OpenWindow,
  type Period,
  type StreamKind,
} from '../model.ts';
import { floorSecond } from './paging/keyset.ts';
import { ceil, DAY, UTC_DAYS } from './periods.ts';
import { iso } from '../platform/time.ts';

/** "The oldest that the vendor still has", even an event whose time was never set. */
const BEGINNING = 0;

/** A first sync of usage goes back so far, unless the configuration says otherwise. */
const USAGE_DAYS = 90;

export type WindowPlan = {
  windows: OpenWindow[];
  /** What is odd about the clocks, for the anomalies; null if nothing is. */
  clock: string | null;
};

export type PlanInput = {
  kind: StreamKind;
  /** A series that the vendor froze: read once and never again. */
  once: boolean;
  period?: Period | undefined;
  cursor: Cursor;
  start: Millis | null;
  /** Logs: how far before the watermark is read again. */
  lookback: number;
  /** Series: the same, since vendors restate the figures of the last days. */
  usageLookback: number;
  settle: number;
  ourNow: Millis;
  /** The vendor's Date header; with its clock behind ours, our "now" would skip what it has yet to write. */
  vendorNow: Millis | null;
};

/**
 * Which windows of a stream a run reads. Pure.
 *
 * What an interrupted run left open is finished first, as it was. Then comes a new window. Snapshots have none.
 */
export function planWindows(input: PlanInput): WindowPlan {
  const { hasWindows, hasPeriods } = KINDS[input.kind];
  if (!hasWindows) return { windows: [], clock: null };
  return hasPeriods ? planSeries(input) : planLog(input);
}

/** Up to where a stream has been read for good once a window is finished: the last period of a series is provisional. */
export function watermarkAfter(
  { kind, period = UTC_DAYS }: { kind: StreamKind; period?: Period | undefined },
  window: { to: Millis },
): Millis {
  return KINDS[kind].hasPeriods ? period.floor(window.to - 1) : window.to;
}

/** From before the watermark, since events arrive late, to a little before now, since the newest seconds are still being filled. */
function planLog(input: PlanInput): WindowPlan {
  const { cursor, lookback, settle } = input;
  const to = floorSecond(now(input) - settle);
  const open = cursor.window;
  const watermark = open?.to ?? cursor.watermark;
  const isAhead = watermark !== null && watermark > to + settle;
  const reached = isAhead ? to : watermark;
  const from =
    reached === null
      ? floorSecond(input.start ?? BEGINNING)
      : floorSecond(Math.max(reached - lookback, input.start ?? BEGINNING));
  return {
    windows: windowsOf(open, { from, to }),
    clock: isAhead
      ? `the watermark ${iso(watermark)} lies after now (${iso(to)}): a clock was or is wrong; the time before now is read all the same`
      : null,
  };
}

/** Whole periods, the current one among them: its figures are provisional and read again. */
function planSeries(input: PlanInput): WindowPlan {
  const { cursor, start, once, period = UTC_DAYS } = input;
  const to = ceil(period, now(input));
  const open = cursor.window;
  const watermark = open === null ? cursor.watermark : watermarkAfter(input, open);
  if (once && watermark !== null) return { windows: windowsOf(open, null), clock: null };
  const from =
    watermark === null
      ? (start ?? (once ? BEGINNING : to - USAGE_DAYS * DAY))
      : Math.max(Math.min(watermark, to) - input.usageLookback, start ?? BEGINNING);
  return { windows: windowsOf(open, { from: period.floor(from), to }), clock: null };
}

function windowsOf(
  open: OpenWindow | null,
  fresh: { from: Millis; to: Millis } | null,
): OpenWindow[] {
  const windows = open === null ? [] : [{ ...open, part: open.part ?? null }];
  if (fresh !== null && fresh.from < fresh.to) {
    windows.push({ ...fresh, place: fresh.from, part: null });
  }
  return windows;
}

function now({ ourNow, vendorNow }: PlanInput): Millis {
  return Math.min(ourNow, vendorNow ?? ourNow);
}
