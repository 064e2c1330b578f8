import {
  type Cursor,
  KINDS,
  type Millis,
  type OpenWindow,
  type Period,
  type StreamKind,
} from '../model.ts';
import { floorSecond, SECOND } from './paging/keyset.ts';
import { ceil, UTC_DAYS } from './periods.ts';
import { DAY, iso } from '../platform/time.ts';

/** "The oldest that the vendor still has", even an event whose time was never set. */
const BEGINNING = 0;

/** A first sync of usage goes back so far, unless the configuration says otherwise. */
const USAGE_DAYS = 90;

export type WindowPlan = {
  windows: OpenWindow[];
  /** What is odd about the clocks, for the anomalies; null if nothing is. */
  clock: string | null;
  /** Whether it cannot be known that the windows end now: this machine's clock may be far behind. */
  mayEndEarly: boolean;
};

export type PlanInput = {
  kind: StreamKind;
  /** A series that the vendor froze: read once and never again. */
  once: boolean;
  period?: Period | undefined;
  cursor: Cursor;
  /** Logs: up to when it is certain that events could be read. */
  newest: Millis;
  /** Whether archived events were removed on purpose: those must not be read again. */
  hasPruned: boolean;
  start: Millis | null;
  /** How far before the watermark is read again: events arrive late, and vendors restate the figures of the last days. */
  lookback: number;
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
  const { now, clock, mayEndEarly } = clocksOf(input);
  if (!hasWindows) return { windows: [], clock, mayEndEarly };
  const { windows, ahead } = hasPeriods ? planSeries(input, now) : planLog(input, now);
  return { windows, clock: clock ?? ahead, mayEndEarly };
}

/** Clocks that differ by more than this do not measure the same time: one of them is wrong, and it is not known which. */
const MAX_SKEW: Millis = 3_600_000;

/** A vendor that is further ahead may have events that a clock of ours would leave unread for as long. */
const FAR: Millis = DAY;

/**
 * What time it is, to read up to: the earlier of two clocks that agree, as the vendor may have yet to write what is later; else ours,
 * since a Date header of 1970 must not keep a log from being read.
 */
function clocksOf({ ourNow, vendorNow }: PlanInput): {
  now: Millis;
  clock: string | null;
  mayEndEarly: boolean;
} {
  const skew = vendorNow === null ? 0 : vendorNow - ourNow;
  if (vendorNow === null || Math.abs(skew) <= MAX_SKEW) {
    return { now: Math.min(ourNow, vendorNow ?? ourNow), clock: null, mayEndEarly: false };
  }
  const seconds = Math.round(Math.abs(skew) / 1000);
  const clock = `the vendor's clock says ${iso(vendorNow)}, ${seconds} s ${skew < 0 ? 'behind' : 'ahead of'} this machine's (${iso(ourNow)}): one of them is wrong; read up to the time of this machine`;
  return { now: ourNow, clock, mayEndEarly: skew > FAR };
}

type Planned = { windows: OpenWindow[]; ahead: string | null };

/** Up to where a stream has been read for good once a window is finished: the last period of a series is provisional. */
export function watermarkAfter(
  { kind, period = UTC_DAYS }: { kind: StreamKind; period?: Period | undefined },
  window: { to: Millis },
): Millis {
  return KINDS[kind].hasPeriods ? period.floor(window.to - 1) : window.to;
}

/** From before the watermark, since events arrive late, to a little before now, since the newest seconds are still being filled. */
function planLog(input: PlanInput, now: Millis): Planned {
  const { cursor, settle } = input;
  const to = floorSecond(now - settle);
  const open = cursor.window;
  const watermark = open?.to ?? cursor.watermark;
  const isAhead = watermark !== null && watermark > to + settle;
  const reached = isAhead ? to : watermark;
  const from = floorSecond(
    reached === null
      ? (input.start ?? BEGINNING)
      : Math.max(readAgainFrom(reached, input), input.start ?? BEGINNING),
  );
  return {
    windows: windowsOf(open, { from, to }),
    ahead: isAhead
      ? `the watermark ${iso(watermark)} lies after now (${iso(to)}): a clock was or is wrong; the time before now is read all the same`
      : null,
  };
}

/**
 * Before what was reached by the lookback, as events arrive late; and not after the newest event that is archived: a run whose clock
 * was ahead has reached a time up to which it could not read. Where nothing happened in between, there is nothing to read.
 */
function readAgainFrom(reached: Millis, { newest, hasPruned, lookback }: PlanInput): Millis {
  const late = reached - lookback;
  return Math.max(BEGINNING, Math.min(late, hasPruned ? newest + SECOND : newest - lookback));
}

/** Whole periods, the current one among them: its figures are provisional and read again. */
function planSeries(input: PlanInput, now: Millis): Planned {
  const { cursor, start, once, period = UTC_DAYS } = input;
  const to = ceil(period, now);
  const open = cursor.window;
  const watermark = open === null ? cursor.watermark : watermarkAfter(input, open);
  if (once && watermark !== null) return { windows: windowsOf(open, null), ahead: null };
  const from =
    watermark === null
      ? (start ?? (once ? BEGINNING : to - USAGE_DAYS * DAY))
      : Math.max(Math.min(watermark, to) - input.lookback, start ?? BEGINNING);
  return { windows: windowsOf(open, { from: period.floor(from), to }), ahead: null };
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
