/** What a person must look at: streams that fall behind, and days that are missing. Pure. */
import { EXIT, type ExitCode } from '../errors.ts';
import { counted } from '../platform/counted.ts';
import { grouped } from '../platform/grouped.ts';
import type { CoveredDays, StreamReading } from './coverage.ts';
import { KINDS, type Millis } from '../model.ts';
import { DAY, isoDay, span } from '../platform/time.ts';

type AlarmKind = 'unread' | 'lost' | 'missing' | 'retention' | 'freshness' | 'awaited';

export type Alarm = {
  kind: AlarmKind;
  source: string;
  stream: string;
  what: string;
  /** What to do about it. */
  hint: string;
  exit: ExitCode;
};

/** `vendorKeeps` is how long the vendor says that it keeps the stream; null where it does not say. */
export type Reading = StreamReading & { vendorKeeps: Millis | null };

/** The share of the vendor's retention that must be left before it purges the first unread event. */
const MARGIN = 1 / 4;

/** Required streams that are more than `freshness` behind, and streams about to lose unread events to the vendor's retention. */
export function readingAlarms(
  streams: readonly Reading[],
  at: { now: Millis; freshness: number },
): Alarm[] {
  return streams.flatMap((stream) => {
    const stale = stream.isRequired ? freshness(stream, at) : null;
    return [stale, retention(stream, at.now), awaited(stream, at.now)].filter(
      (alarm) => alarm !== null,
    );
  });
}

/** One alarm for all gaps of a stream with the same reason. */
export function gapAlarms(days: readonly CoveredDays[]): Alarm[] {
  const gaps = grouped(
    days.filter(({ state }) => state === 'gap'),
    ({ source, stream, reason }) => JSON.stringify([source, stream, reason]),
  );
  return [...gaps.values()].flatMap((ranges) => {
    const [first] = ranges;
    if (first === undefined) return [];
    const { source, stream, reason } = first;
    return [{ source, stream, what: `${listed(ranges)} ${reason}`, ...GAPS[kindOf(reason)] }];
  });
}

const GAPS = {
  lost: {
    kind: 'lost',
    hint: 'the vendor purged it before it was read: it is lost for good. Sync more often. Once you have looked into it, `--from` leaves it out',
    exit: EXIT.integrity,
  },
  missing: {
    kind: 'missing',
    hint: 'the vendor has events that the archive lacks: run `auditlake verify --against-source` again',
    exit: EXIT.integrity,
  },
  unread: {
    kind: 'unread',
    hint: 'the next `auditlake sync` reads it',
    exit: EXIT.incomplete,
  },
} as const;

function kindOf(reason: string): keyof typeof GAPS {
  if (reason === 'lost to retention') return 'lost';
  return reason === 'missing at check' ? 'missing' : 'unread';
}

function listed(ranges: readonly CoveredDays[]): string {
  const days = ranges.reduce((sum, range) => sum + range.days, 0);
  const shown = ranges
    .slice(0, 3)
    .map(({ from, to }) => (from === to ? from : `${from} to ${to}`))
    .join(', ');
  return `${counted(days, 'day')} (${shown}${ranges.length > 3 ? ', …' : ''})`;
}

/** The watermark of a series is the start of a period, maybe of a month: it would never be fresh. */
export function readUpTo({
  kind,
  watermark,
  readTo,
}: Pick<StreamReading, 'kind' | 'watermark' | 'readTo'>): Millis | null {
  const { hasWindows, hasPeriods } = KINDS[kind];
  return hasWindows && !hasPeriods ? watermark : readTo;
}

function freshness(
  reading: StreamReading,
  { now, freshness: allowed }: { now: Millis; freshness: number },
): Alarm | null {
  const { source, stream, isFrozen } = reading;
  if (isFrozen) return null;
  const reached = readUpTo(reading);
  if (reached !== null && now - reached <= allowed) return null;
  return {
    kind: 'freshness',
    source,
    stream,
    what:
      reached === null
        ? 'has never been read completely'
        : `is ${span(now - reached)} behind; at most ${span(allowed)} is allowed`,
    hint: 'look at the last runs in `auditlake status`, and check that `auditlake sync` still runs on schedule',
    exit: EXIT.person,
  };
}

/** The vendor purges what is older than was measured, or else than it says. How close is that to the first unread event? */
function retention(
  { source, stream, watermark, retention: measured, vendorKeeps }: Reading,
  now: Millis,
): Alarm | null {
  const kept = measured?.keptFor ?? vendorKeeps;
  if (kept === null || watermark === null) return null;
  const left = watermark - (now - kept);
  if (left >= Math.max(kept * MARGIN, DAY)) return null;
  return {
    kind: 'retention',
    source,
    stream,
    what:
      left > 0
        ? `in ${span(left)} the vendor begins to purge unread events: it keeps them for ${span(kept)}`
        : `the vendor is already purging unread events: it keeps them for ${span(kept)}`,
    hint: 'run `auditlake sync` now',
    exit: EXIT.person,
  };
}

/** Vendors take two or three days to report on one. */
const AWAITED_AT_MOST: Millis = 5 * DAY;

/** The vendor has not reported on a period for longer than it takes. Every run asks again. */
function awaited(
  { source, stream, isAwaiting, watermark }: StreamReading,
  now: Millis,
): Alarm | null {
  if (!isAwaiting || watermark === null || now - watermark <= AWAITED_AT_MOST) return null;
  return {
    kind: 'awaited',
    source,
    stream,
    what: `the vendor has no figures yet of ${isoDay(watermark)}, which began ${span(now - watermark)} ago`,
    hint: 'every run asks for them again, and reads what came later meanwhile: ask the vendor why its report is missing',
    exit: EXIT.person,
  };
}
