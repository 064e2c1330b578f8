import type { Millis } from '../model.ts';
import type { Job } from './jobs.ts';
import { type CronLine, lastDue } from './last-due.ts';
import type { Zone } from '../platform/zone.ts';
import { nextDue } from './next-due.ts';
import { DAY } from '../platform/time.ts';

/** What is remembered of a job, also across restarts. */
export type JobRecord = {
  /** The last start; times of the line up to here are done with. */
  since: Millis;
  /** True from a start to its end: a job that was cut off stays unfinished. */
  unfinished: boolean;
  /** How often it was started again since its last regular start. */
  repeats: number;
  /** The last exit code, and when that was. */
  exit: number | null;
  /** Why it ended so; null where nothing is known. */
  verdict: string | null;
  endedAt: Millis | null;
  succeededAt: Millis | null;
};

/** A start that is due: since when, and which repeat it is (0 for a regular start). */
type Start = { dueAt: Millis; repeat: number };

/** A job with the cron line that it has here. */
export type Planned = { job: Job; line: CronLine };

/**
 * Whether a job is to be started now. One rule for all that can happen meanwhile: the regular time, a machine that was
 * off or asleep, clocks that were changed.
 *
 * - A time of its line has passed since its last start: it is due. However many have passed, it is started once.
 * - What was cut off is started again at once; what ended with an exit code of its repeat rule, after the delay of that rule.
 *   Both as often as the rule says, then it is left to the next regular time.
 */
export function startDue(
  { job, line }: Planned,
  zone: Zone,
  record: JobRecord,
  now: Millis,
): Start | null {
  // Set back by an hour, a clock repeats no start. A start that is days ahead was noted by a clock that was wrong.
  const since = record.since > now + DAY ? 0 : record.since;
  const due = lastDue(line, zone, now);
  if (due !== null && due > since) return { dueAt: due, repeat: 0 };
  const dueAt = repeatDue(job, record, now);
  return dueAt !== null && dueAt <= now ? { dueAt, repeat: record.repeats + 1 } : null;
}

/** When a job is started next, as far as is known now. In the past, it waits for its turn. Null if not within eight years. */
export function nextStart(
  planned: Planned,
  zone: Zone,
  record: JobRecord,
  { now, isRunning }: { now: Millis; isRunning: boolean },
): Millis | null {
  const regular = nextDue(planned.line, zone, now);
  if (isRunning) return regular;
  const waiting = startDue(planned, zone, record, now)?.dueAt ?? null;
  const starts = [waiting, repeatDue(planned.job, record, now), regular];
  return starts.reduce((first, at) => (at === null || (first !== null && first < at) ? first : at));
}

/** When it is started again because of how it ended; null if it is not. */
function repeatDue(
  { repeat: { after, delay, times } }: Job,
  record: JobRecord,
  now: Millis,
): Millis | null {
  if (record.repeats >= times) return null;
  if (record.unfinished) return now;
  if (record.exit === null || !after.includes(record.exit) || record.endedAt === null) return null;
  return record.endedAt + delay;
}
