import { createTask, parse } from 'node-cron';
import type { Millis } from '../model.ts';
import type { Zone } from '../platform/zone.ts';
import { firstInstant } from './first-instant.ts';
import { DAY, HOUR } from '../platform/time.ts';

/** A cron line as read by node-cron. Days and times are what the clocks of its time zone show, as if it were UTC. */
export type CronLine = {
  text: string;
  /** Descending. */
  hours: number[];
  minutes: number[];
  seconds: number[];
  /** Whether the line has a time on the day that begins at `day`. */
  onDay(day: Millis): boolean;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** 29 February comes within eight years, even around 2100. */
const FARTHEST_DAYS = 8 * 366;

/** @throws Error if it is not a cron line */
export function readCron(text: string): CronLine {
  const fields = parse(text);
  const hours = descending(fields.hour);
  const minutes = descending(fields.minute);
  const seconds = descending(fields.second);
  const aTime = (hours[0] ?? 0) * HOUR + (minutes[0] ?? 0) * MINUTE + (seconds[0] ?? 0) * SECOND;
  // Never started: it only answers which days match, with all that node-cron knows (L, W, #).
  const task = createTask(text, () => undefined, { timezone: 'UTC' });
  void task.destroy();
  return { text, hours, minutes, seconds, onDay: (day) => task.match(new Date(day + aTime)) };
}

/**
 * When a line was last due, up to and including `now`; null if not within eight years. A time that the clocks skip is due
 * when they are put forward, one that they show twice is due the first time only.
 */
export function lastDue(line: CronLine, zone: Zone, now: Millis): Millis | null {
  const today = Math.floor(zone.shows(now) / DAY) * DAY;
  for (let back = 0; back < FARTHEST_DAYS; back += 1) {
    const day = today - back * DAY;
    const at = line.onDay(day) ? lastOnDay(line, zone, day, now) : null;
    if (at !== null) return at;
  }
  return null;
}

/** When a line was due the time before the last; null if it has not been due twice. */
export function dueBeforeLast(line: CronLine, zone: Zone, now: Millis): Millis | null {
  const last = lastDue(line, zone, now);
  return last === null ? null : lastDue(line, zone, last - 1);
}

function lastOnDay(line: CronLine, zone: Zone, day: Millis, now: Millis): Millis | null {
  for (const hour of line.hours) {
    const atHour = day + hour * HOUR;
    // Instants grow with the time shown: what begins too late has nothing in it.
    if (firstInstant(zone, atHour) > now) continue;
    for (const minute of line.minutes) {
      const atMinute = atHour + minute * MINUTE;
      if (firstInstant(zone, atMinute) > now) continue;
      for (const second of line.seconds) {
        const at = firstInstant(zone, atMinute + second * SECOND);
        if (at <= now) return at;
      }
    }
  }
  return null;
}

function descending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => b - a);
}
