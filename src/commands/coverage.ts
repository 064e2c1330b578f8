import { type Alarm, gapAlarms, readingAlarms, span } from '../evidence/alarms.ts';
import type { Context } from '../runs/context.ts';
import { usageError } from '../errors.ts';
import { type CoveredDays, coverageOf, type StreamReading } from '../evidence/coverage.ts';
import { printable } from '../platform/printable.ts';
import type { Archive } from '../state/archive.ts';

export type CoverageAsked = {
  /** The first UTC day that is looked at. */
  from: string | null;
  /** `source/stream` or a source; none for all. */
  streams: readonly string[];
};

export type CoverageReport = {
  /** Null where nobody asked for it. */
  days: CoveredDays[] | null;
  streams: StreamReading[];
  alarms: Alarm[];
};

/**
 * How far everything was read, and what is wrong with that as of now.
 *
 * @param asked null to leave the days and their gaps out
 * @throws AuditlakeError `usage` (exit 2) for a stream that the archive does not have
 */
export async function coverageReport(
  { config, now }: Context,
  archive: Archive,
  asked: CoverageAsked | null,
): Promise<CoverageReport> {
  const { state } = archive.ledger;
  const { freshness } = config;
  const at = now();
  const all = await coverageOf(
    { files: await archive.segmentFiles(), seq: state.seq },
    { now: at, late: freshness },
  );
  const isWanted = wanted(all.streams, asked?.streams ?? []);
  const streams = all.streams.filter(isWanted);
  const reading = readingAlarms(streams, { now: at, freshness });
  if (asked === null) return { days: null, streams, alarms: reading };
  const { from } = asked;
  const days = all.days.filter(isWanted).flatMap((range) => since(range, from));
  return { days, streams, alarms: [...gapAlarms(days), ...reading] };
}

type Named = { source: string; stream: string };

function wanted(known: readonly Named[], names: readonly string[]): (named: Named) => boolean {
  const stray = names.find(
    (name) =>
      !known.some(({ source, stream }) => name === source || name === `${source}/${stream}`),
  );
  if (stray !== undefined) {
    throw usageError(
      `the archive has no stream ${printable(stray)}`,
      '`auditlake status` lists those that it has',
    );
  }
  return ({ source, stream }) =>
    names.length === 0 || names.includes(source) || names.includes(`${source}/${stream}`);
}

function since(range: CoveredDays, from: string | null): CoveredDays[] {
  if (from === null || from <= range.from) return [range];
  if (from > range.to) return [];
  const days = (Date.parse(range.to) - Date.parse(from)) / 86_400_000 + 1;
  return [{ ...range, from, days }];
}

/** What is known of how long the vendors keep their logs, a line each. */
export function retentionLines(streams: readonly StreamReading[]): string[] {
  return streams.flatMap(({ source, stream, retention }) => {
    if (retention === null) return [];
    const { oldestServed, measuredAt, keptFor } = retention;
    const kept =
      keptFor === null
        ? 'the vendor has purged nothing yet'
        : `the vendor keeps at least ${span(keptFor)}`;
    return [
      `${source}/${stream}: ${kept}; its oldest event is of ${iso(oldestServed)}, asked for at ${iso(measuredAt)}`,
    ];
  });
}

/** A line for each alarm. */
export function alarmLines(alarms: readonly Alarm[]): string[] {
  return alarms.map(
    ({ kind, source, stream, what, hint }) =>
      `ALARM ${kind}: ${source}/${stream}: ${printable(what)} - ${hint}`,
  );
}

/** The retention as it stands in JSON. */
export function retentionJson({ retention }: StreamReading): unknown {
  if (retention === null) return null;
  const { oldestServed, measuredAt, keptFor } = retention;
  return {
    oldest_served: iso(oldestServed),
    measured_at: iso(measuredAt),
    kept_seconds: keptFor === null ? null : Math.floor(keptFor / 1000),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
