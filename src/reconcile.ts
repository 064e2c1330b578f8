import { beginOld, readOld } from './backfill.ts';
import { AuditlakeError, EXIT, integrityError } from './errors.ts';
import { ceil, DAY, UTC_DAYS } from './extract/periods.ts';
import type { Millis, Window } from './model.ts';
import { oldestServed } from './retention.ts';
import type { RunJob, Task } from './run.ts';
import type { CheckedDay, StreamTotals } from './state/ledger-line.ts';

export type ReconcileSettings = {
  /** Days that are compared per stream in one run, at most. */
  days: number;
  lookback: number;
  /** Of a stream: what is archived of it, and the day up to which it was compared. */
  known: (source: string, stream: string) => { totals: StreamTotals | null; upTo: string | null };
};

/**
 * Compares logs with the vendor, day by day: only days that are closed, since the lookback takes care of the others. Where the
 * vendor counts as many events as are archived, that is all; else the day is read again. A run goes on after the day
 * where the last one ended, and begins anew after the newest.
 */
export function reconcileJob(settings: ReconcileSettings): RunJob {
  return {
    job: 'check',
    concerns: (reader) => reader.kind === 'log',
    async work(task) {
      const { source, reader, told } = task;
      const { totals, upTo } = settings.known(source.source, reader.stream);
      const servedFrom = await oldestServed(task);
      if (reader.oldest !== undefined) told.oldest = servedFrom;
      const closed = closedDays(task, settings, totals, servedFrom);
      const days = dueDays(closed, upTo, settings.days);
      told.window = windowOf(days);
      told.checked = [];
      for (const [i, from] of days.entries()) {
        task.signal.throwIfAborted();
        await compareDay(task, { from, to: from + DAY }, told.checked);
        task.report((i + 1) / days.length);
      }
      const missing = told.checked.filter(({ state }) => state === 'missing');
      if (missing.length > 0) throw missingEvents(missing);
    },
  };
}

/** From the first whole day that is archived and still served to the last one that no late event is expected in. */
function closedDays(
  { archive }: Task,
  { lookback }: ReconcileSettings,
  totals: StreamTotals | null,
  servedFrom: Millis | null,
): Window {
  const { watermark } = archive.cursor;
  if (totals?.min_time == null || watermark === null) return { from: 0, to: 0 };
  const oldest = Date.parse(totals.min_time);
  const hasPurged = servedFrom !== null && servedFrom > oldest;
  return {
    // A day that the vendor has begun to purge cannot be compared any more.
    from: hasPurged ? ceil(UTC_DAYS, servedFrom) : UTC_DAYS.floor(oldest),
    to: UTC_DAYS.floor(watermark - lookback),
  };
}

/**
 * The days that are compared next, oldest first: those after the day up to which it was done, and from the first again where that was
 * the last. Pure.
 */
export function dueDays({ from, to }: Window, upTo: string | null, limit: number): Millis[] {
  const after = upTo === null ? from : Date.parse(upTo) + DAY;
  const first = after >= to ? from : Math.max(from, after);
  const count = Math.min(limit, Math.max(0, (to - first) / DAY));
  return Array.from({ length: count }, (_, i) => first + i * DAY);
}

async function compareDay(task: Task, window: Window, checked: CheckedDay[]): Promise<void> {
  const { reader, archive, told } = task;
  await beginOld(task, window);
  const archived = archive.archivedIn(window);
  const vendor = (await reader.count?.(window)) ?? null;
  const day = new Date(window.from).toISOString().slice(0, 10);
  const found = { day, archived, vendor, served: null, new_records: 0, note: null };
  if (vendor === archived) {
    checked.push({ ...found, state: 'complete' });
    return;
  }
  const before = { ...archive.counts };
  try {
    await readOld(task, window, told.oldest ?? null);
  } catch (error) {
    const cannotHeal = error instanceof AuditlakeError && error.exit !== EXIT.incomplete;
    const isMissing = cannotHeal && vendor !== null && vendor > archived;
    const note = error instanceof Error ? error.message : String(error);
    checked.push({ ...found, state: isMissing ? 'missing' : 'unread', note });
    if (isMissing) return;
    throw error;
  }
  const fresh = archive.counts.new - before.new;
  const absent = archive.counts.absent - before.absent;
  const served = archived + fresh - absent;
  const note =
    vendor === null || vendor === served
      ? null
      : `the vendor counts ${vendor} events and lists ${served}: its count is a hint`;
  checked.push({ ...found, state: 'complete', served, new_records: fresh, note });
}

function windowOf(days: readonly Millis[]): Window | null {
  const [first] = days;
  const last = days.at(-1);
  return first === undefined || last === undefined ? null : { from: first, to: last + DAY };
}

function missingEvents(days: readonly CheckedDay[]): AuditlakeError {
  const list = days.map(({ day, archived, vendor }) => `${day} (${archived} of ${vendor})`);
  return integrityError(
    `events are missing and cannot be read: ${list.join(', ')}`,
    'find out why the vendor refuses these days, then `auditlake backfill --from DAY --to DAY`',
  );
}
