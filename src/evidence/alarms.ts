/** What is wrong, or about to go wrong, with what was read. Pure. */
import { EXIT, type ExitCode } from '../errors.ts';
import { grouped } from '../platform/grouped.ts';
import type { CoveredDays, StreamReading } from './coverage.ts';
import { KINDS, type Millis } from '../model.ts';

export type AlarmKind = 'unread' | 'lost' | 'missing' | 'retention' | 'freshness';

export type Alarm = {
  kind: AlarmKind;
  source: string;
  stream: string;
  /** What is the case, and what to do about it. */
  what: string;
  hint: string;
  exit: ExitCode;
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Of the time that the vendor keeps its log, what must be left before the first unread event is purged. */
const MARGIN = 1 / 4;

/** Behind by more than `freshness`, or about to lose what was not read yet. */
export function readingAlarms(
  streams: readonly StreamReading[],
  at: { now: Millis; freshness: number },
): Alarm[] {
  return streams.flatMap((stream) => {
    const stale = stream.isRequired ? freshness(stream, at) : null;
    return [stale, retention(stream, at.now)].filter((alarm) => alarm !== null);
  });
}

/** Gaps, one alarm for each stream and reason. */
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
    hint: 'the vendor had purged it before it was read: it is lost for good. Sync more often; `--from` leaves out what was looked into',
    exit: EXIT.integrity,
  },
  missing: {
    kind: 'missing',
    hint: 'the vendor has events that were not archived: run `auditlake verify --against-source` again',
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
  return `${days} ${days === 1 ? 'day' : 'days'} (${shown}${ranges.length > 3 ? ', …' : ''})`;
}

function freshness(
  { source, stream, kind, isFrozen, watermark, readTo }: StreamReading,
  { now, freshness: allowed }: { now: Millis; freshness: number },
): Alarm | null {
  if (isFrozen) return null;
  // A series' watermark is the beginning of a period, of a month maybe: it is never fresh.
  const { hasWindows, hasPeriods } = KINDS[kind];
  const reached = hasWindows && !hasPeriods ? watermark : readTo;
  if (reached !== null && now - reached <= allowed) return null;
  return {
    kind: 'freshness',
    source,
    stream,
    what:
      reached === null
        ? 'has never been read to its end'
        : `is ${span(now - reached)} behind; ${span(allowed)} are allowed`,
    hint: 'see the last runs in `auditlake status`, and whether `auditlake sync` is still being run',
    exit: EXIT.person,
  };
}

/** The vendor purges what is older than `keptFor`: how near is that to the first event that was not read? */
function retention(
  { source, stream, watermark, retention: measured }: StreamReading,
  now: Millis,
): Alarm | null {
  const kept = measured?.keptFor ?? null;
  if (kept === null || watermark === null) return null;
  const left = watermark - (now - kept);
  if (left >= Math.max(kept * MARGIN, DAY)) return null;
  return {
    kind: 'retention',
    source,
    stream,
    what:
      left > 0
        ? `in ${span(left)} the vendor begins to purge what was not read yet: it keeps ${span(kept)}`
        : `the vendor is purging what was not read yet: it keeps ${span(kept)}`,
    hint: 'run `auditlake sync` now',
    exit: EXIT.person,
  };
}

/** A length of time as people say it: in hours up to three days, then in days. */
export function span(ms: number): string {
  const [count, unit] = ms < 3 * DAY ? [ms / HOUR, 'hour'] : [ms / DAY, 'day'];
  const whole = Math.floor(count);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}
