import type { RunDocument } from '../documents/run.ts';
import { type AuditlakeError, integrityError } from '../errors.ts';
import { ceil, UTC_DAYS } from '../extract/periods.ts';
import { KINDS, type Millis, type Window } from '../model.ts';
import { isCredible } from '../platform/instant.ts';
import type { Archive } from '../state/archive.ts';
import { type StreamTotals, streamKey } from '../state/carried.ts';
import { prunedWindows } from '../state/ledger-queries.ts';
import type { ComparedDay } from '../state/ledger-schema.ts';
import { compareDay } from './compare-day.ts';
import type { Context } from './context.ts';
import { oldestServed, type StreamJob, type Task } from './job.ts';
import { type Done, runStreams } from './run-streams.ts';
import { selectStreams } from './sources.ts';
import { DAY } from '../platform/time.ts';

export type ReconcileSettings = {
  /** Days that are compared per stream in one run, at most. */
  days: number;
  lookback: number;
  known: (source: string, stream: string) => Promise<KnownOfStream>;
};

/** Of a stream: what is archived of it, the day up to which it was compared, and what was removed from it on purpose. */
export type KnownOfStream = { totals: StreamTotals | null; upTo: string | null; pruned: Window[] };

/** Compares closed days of the logs with the vendor, up to so many per log, and reads what is missing. */
export async function reconcile(context: Context, days: number): Promise<Done<RunDocument>> {
  const { lookback } = context.config;
  return await runStreams(context, selectStreams(context, []), (archive) =>
    reconcileJob(reconcileSettings({ days, lookback }, archive)),
  );
}

function reconcileSettings(
  { days, lookback }: Pick<ReconcileSettings, 'days' | 'lookback'>,
  archive: Archive,
): ReconcileSettings {
  const { totals, checked } = archive.ledger.state;
  return {
    days,
    lookback,
    async known(source, stream) {
      const key = streamKey(source, stream);
      const pruned = await prunedWindows(archive, source, stream);
      return { totals: totals[key] ?? null, upTo: checked[key] ?? null, pruned };
    },
  };
}

/**
 * Compares logs with the vendor, day by day: only days that are closed, since the lookback takes care of the others. Where the
 * vendor counts as many events as are archived, that is all; else the day is read again. A run goes on after the day
 * where the last one ended, and begins anew after the newest.
 */
export function reconcileJob(settings: ReconcileSettings): StreamJob {
  return {
    name: 'reconcile',
    movesCursor: false,
    concerns: (reader) => KINDS[reader.kind].isReconciled,
    async read(task) {
      const { source, reader, notes } = task;
      const { totals, upTo, pruned } = await settings.known(source.source, reader.name);
      const servedFrom = await oldestServed(task);
      if (servedFrom !== null) notes.oldestServed = servedFrom;
      const closed = closedDays(task, settings, totals, servedFrom);
      const days = dueDays(closed, upTo, pruned, settings.days);
      const compared: ComparedDay[] = [];
      notes.window = windowOf(days);
      notes.compared = compared;
      let unread: unknown = null;
      for (const [i, from] of days.entries()) {
        task.signal.throwIfAborted();
        const failure = await compareDay(task, { from, to: from + DAY }, servedFrom, compared);
        unread ??= failure;
        task.onProgress((i + 1) / days.length);
      }
      const missing = compared.filter(({ state }) => state === 'missing');
      if (missing.length > 0) throw missingEvents(missing);
      if (unread !== null) throw unread;
    },
  };
}

/** From the first whole day that is archived and still served to the last one that no late event is expected in. */
function closedDays(
  { archive, now }: Task,
  { lookback }: ReconcileSettings,
  totals: StreamTotals | null,
  servedFrom: Millis | null,
): Window {
  const { watermark } = archive.cursor;
  if (totals?.min_time == null || watermark === null) return { from: 0, to: 0 };
  const stated = Date.parse(totals.min_time);
  // Earlier versions counted times that cannot be right, such as 1970.
  const oldest = isCredible(stated, now()) ? stated : (servedFrom ?? watermark);
  const hasPurged = servedFrom !== null && servedFrom > oldest;
  return {
    // A day that the vendor has begun to purge cannot be compared any more.
    from: hasPurged ? ceil(UTC_DAYS, servedFrom) : UTC_DAYS.floor(oldest),
    to: UTC_DAYS.floor(watermark - lookback),
  };
}

/**
 * The days that are compared next, oldest first: those after the day up to which it was done, and from the first again where that was
 * the last. A day of which a part was pruned is left out: reading it would bring back what was to go. Pure.
 */
export function dueDays(
  { from, to }: Window,
  upTo: string | null,
  pruned: readonly Window[],
  limit: number,
): Millis[] {
  const after = upTo === null ? from : Date.parse(upTo) + DAY;
  const days: Millis[] = [];
  for (let day = after >= to ? from : Math.max(from, after); day < to; day += DAY) {
    if (days.length === limit) break;
    if (!pruned.some((window) => window.from < day + DAY && window.to >= day)) days.push(day);
  }
  return days;
}

function windowOf(days: readonly Millis[]): Window | null {
  const [first] = days;
  const last = days.at(-1);
  return first === undefined || last === undefined ? null : { from: first, to: last + DAY };
}

function missingEvents(days: readonly ComparedDay[]): AuditlakeError {
  const list = days.map(({ day, archived, vendor }) => `${day} (${archived} of ${vendor})`);
  return integrityError(
    `events are missing and cannot be read: ${list.join(', ')}`,
    'find out why the vendor refuses these days, then `auditlake backfill --from DAY --to DAY`',
  );
}
