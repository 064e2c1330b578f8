import type { StatusDocument, StreamStatus } from '../../documents/status.ts';
import { usageError } from '../../errors.ts';
import { type Alarm, gapAlarms, type Reading, readingAlarms } from '../../evidence/alarms.ts';
import {
  type CoveredDays,
  coverageOf,
  readingsOf,
  type StreamReading,
} from '../../evidence/coverage.ts';
import { nearestOr } from '../../platform/nearest.ts';
import { printable } from '../../platform/printable.ts';
import type { Archive } from '../../state/archive.ts';
import type { Context } from '../context.ts';
import { transformFor } from '../transform.ts';
import { grouped } from '../../platform/grouped.ts';
import { DAY, iso, isoDay } from '../../platform/time.ts';

export type CoverageRequest = {
  /** The first UTC day that is looked at, as YYYY-MM-DD; null for the first there is. */
  from: string | null;
  /** `source/stream` or a source; none for all. */
  streams: readonly string[];
};

export type Coverage = {
  /** Null where nobody asked for it. */
  days: NonNullable<StatusDocument['coverage']> | null;
  streams: (Omit<Reading, 'retention'> & Pick<StreamStatus, 'retention'>)[];
  alarms: Alarm[];
};

/**
 * How far everything was read, and what is wrong with that as of now.
 *
 * @param asked null to leave the days and their gaps out
 * @throws AuditlakeError `usage` (exit 2) for a stream that the archive does not have
 */
export async function readCoverage(
  context: Context,
  archive: Archive,
  asked: CoverageRequest | null,
): Promise<Coverage> {
  const { config, now } = context;
  const { state } = archive.ledger;
  const { freshness } = config;
  const at = now();
  const ledger = { files: await archive.segmentFiles(), seq: state.seq };
  const { streams: stated } = transformFor(context);
  const all =
    asked === null
      ? { days: [], streams: await readingsOf(ledger, stated) }
      : await coverageOf(ledger, stated, { now: at, late: freshness });
  const isWanted = wanted(all.streams, asked?.streams ?? []);
  const readings = all.streams
    .filter(isWanted)
    .map((reading) => ({ ...reading, vendorKeeps: keepsOf(reading, config) }));
  const streams = readings.map((reading) => ({ ...reading, retention: retentionOf(reading) }));
  const alarms = readingAlarms(readings, { now: at, freshness });
  if (asked === null) return { days: null, streams, alarms };
  const { from } = asked;
  const known = all.days.filter(isWanted);
  const days = [...unknownBefore(known, from), ...known.flatMap((range) => since(range, from))];
  return { days, streams, alarms: [...gapAlarms(days), ...alarms] };
}

/** What the vendor says; null for a source that is no longer configured, too. */
function keepsOf(
  { source, stream }: Named,
  { sources }: Context['config'],
): Reading['vendorKeeps'] {
  const vendor = sources.find(({ name }) => name === source)?.vendor;
  return vendor?.streams.find(({ name }) => name === stream)?.keeps ?? null;
}

const REASON = 'before the first day';

type Named = { source: string; stream: string };

function wanted(known: readonly Named[], names: readonly string[]): (named: Named) => boolean {
  const unknown = names.find(
    (name) =>
      !known.some(({ source, stream }) => name === source || name === `${source}/${stream}`),
  );
  if (unknown !== undefined) {
    throw usageError(
      `the archive has no stream ${printable(unknown)}`,
      nearestOr(
        unknown,
        known.flatMap(({ source, stream }) => [source, `${source}/${stream}`]),
        '`auditlake status` lists those that it has',
      ),
    );
  }
  return ({ source, stream }) =>
    names.length === 0 || names.includes(source) || names.includes(`${source}/${stream}`);
}

function since(range: CoveredDays, from: string | null): CoveredDays[] {
  if (from === null || from <= range.from) return [range];
  if (from > range.to) return [];
  const days = (Date.parse(range.to) - Date.parse(from)) / DAY + 1;
  return [{ ...range, from, days }];
}

/** Days that were asked for and are older than anything that was read: nobody knows what they had. */
function unknownBefore(known: readonly CoveredDays[], from: string | null): CoveredDays[] {
  if (from === null) return [];
  const streams = grouped(known, ({ source, stream }) => `${source}/${stream}`);
  return [...streams.values()].flatMap((ranges) => {
    const [first] = ranges;
    if (first === undefined || first.from <= from) return [];
    const days = (Date.parse(first.from) - Date.parse(from)) / DAY;
    const to = isoDay(Date.parse(first.from) - DAY);
    const { source, stream } = first;
    return [{ source, stream, from, to, days, state: 'unknown', reason: REASON, note: null }];
  });
}

function retentionOf({ retention }: StreamReading): StreamStatus['retention'] {
  if (retention === null) return null;
  const { oldestServed, measuredAt, keptFor } = retention;
  return {
    oldest_served: iso(oldestServed),
    measured_at: iso(measuredAt),
    kept_seconds: keptFor === null ? null : Math.floor(keptFor / 1000),
  };
}
