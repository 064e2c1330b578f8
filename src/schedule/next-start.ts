import { EXIT } from '../errors.ts';
import type { Millis } from '../model.ts';
import { type CronLine, lastDue } from './last-due.ts';
import type { Zone } from './zone.ts';

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
  endedAt: Millis | null;
  succeededAt: Millis | null;
};

/** A start that is due: since when, and which repeat it is (0 for a regular start). */
export type Start = { dueAt: Millis; repeat: number };

const REPEATED: readonly (number | null)[] = [EXIT.incomplete, EXIT.locked];
export const REPEAT_AFTER = 15 * 60_000;
export const MOST_REPEATS = 4;

const DAY = 86_400_000;

/**
 * Whether a job is to be started now. One rule for all that can happen meanwhile: the regular time, a machine that was
 * off or asleep, clocks that were changed.
 *
 * - A time of its line has passed since its last start: it is due. However many have passed, it is started once.
 * - What was cut off is started again; so is, a quarter of an hour after its end, what ended as incomplete or found the home
 *   locked. Both at most four times, then it is left to the next regular time.
 */
export function startDue(line: CronLine, zone: Zone, record: JobRecord, now: Millis): Start | null {
  // Set back by an hour, a clock repeats no start. A start that is days ahead was noted by a clock that was wrong.
  const since = record.since > now + DAY ? 0 : record.since;
  const due = lastDue(line, zone, now);
  if (due !== null && due > since) return { dueAt: due, repeat: 0 };
  if (record.repeats >= MOST_REPEATS) return null;
  const repeat = record.repeats + 1;
  if (record.unfinished) return { dueAt: now, repeat };
  if (!REPEATED.includes(record.exit) || record.endedAt === null) return null;
  const dueAt = record.endedAt + REPEAT_AFTER;
  return dueAt <= now ? { dueAt, repeat } : null;
}
