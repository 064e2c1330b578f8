import type { RunDocument } from '../documents/run.ts';
import { type AuditlakeError, integrityError, usageError } from '../errors.ts';
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
import { DAY, isoDay } from '../platform/time.ts';

/** So many days per stream, from where the last time ended; or all closed days of a time, whatever was compared before. */
export type WhichDays = { limit: number } | Window;

type ReconcileSettings = {
  which: WhichDays;
  lookback: number;
  known: (source: string, stream: string) => Promise<KnownOfStream>;
};

/** Of a stream: what is archived of it, the day up to which it was compared, and what was removed from it on purpose. */
type KnownOfStream = { totals: StreamTotals | null; upTo: string | null; pruned: Window[] };

/**
 * Compares closed days of the logs with the vendor, and reads what is missing.
 *
 * @throws AuditlakeError `usage` for a time without any closed day
 */
export async function reconcile(context: Context, which: WhichDays): Promise<Done<RunDocument>> {
  const { lookback } = context.config;
  if ('from' in which) expectClosedDay(which, context.now() - lookback);
  return await runStreams(context, selectStreams(context, []), (archive) =>
    reconcileJob(reconcileSettings({ which, lookback }, archive)),
  );
}

function expectClosedDay({ from, to }: Window, closedTo: Millis): void {
  if (UTC_DAYS.floor(from) < Math.min(ceil(UTC_DAYS, to), UTC_DAYS.floor(closedTo))) return;
  throw usageError(
    'there is no closed day between --from and --to',
    `write both as 2025-01-31; --to is not part of it. Days are closed up to ${isoDay(closedTo)}, itself not part of them: later ones are still read by every sync`,
  );
}

function reconcileSettings(
  { which, lookback }: Pick<ReconcileSettings, 'which' | 'lookback'>,
  archive: Archive,
): ReconcileSettings {
  const { totals, checked } = archive.ledger.state;
  return {
    which,
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
function reconcileJob(settings: ReconcileSettings): StreamJob {
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
      const { which } = settings;
      const days =
        'limit' in which
          ? dueDays(closed, upTo, pruned, which.limit)
          : dueDays(within(closed, which), null, pruned, Infinity);
      // What somebody wanted to know is not where the next comparison goes on.
      notes.isChosen = 'from' in which;
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
  { lookback, which }: ReconcileSettings,
  totals: StreamTotals | null,
  servedFrom: Millis | null,
): Window {
  const { watermark } = archive.cursor;
  if (totals?.min_time == null || watermark === null) return { from: 0, to: 0 };
  const stated = Date.parse(totals.min_time);
  // Earlier versions counted times that cannot be right, such as 1970.
  const oldest = isCredible(stated, now()) ? stated : (servedFrom ?? watermark);
  const hasPurged = servedFrom !== null && servedFrom > oldest;
  // A person may choose a time before the first that was read.
  const first = 'from' in which ? Math.min(oldest, servedFrom ?? oldest) : oldest;
  return {
    // A day that the vendor has begun to purge cannot be compared any more.
    from: hasPurged ? ceil(UTC_DAYS, servedFrom) : UTC_DAYS.floor(first),
    to: UTC_DAYS.floor(watermark - lookback),
  };
}

/** The days that are at least partly in a time. */
function within(closed: Window, { from, to }: Window): Window {
  return {
    from: Math.max(closed.from, UTC_DAYS.floor(from)),
    to: Math.min(closed.to, ceil(UTC_DAYS, to)),
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
