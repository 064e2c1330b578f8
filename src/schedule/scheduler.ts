import { createTask, type Logger, type ScheduledTask } from 'node-cron';
import { EXIT } from '../errors.ts';
import type { Millis } from '../model.ts';
import { type JobRecord, type Planned, startDue } from './next-start.ts';
import type { Zone } from '../platform/zone.ts';

/** How a job ended, and whether what it is for was done: a sync is done if the vendors were read, whatever a receiver says. */
export type JobEnd = { exit: number; isDone: boolean; verdict: string };

/** A job with its cron line and what is noted of its runs, which is kept up to date. */
export type Scheduled = Planned & { record: JobRecord };

type SchedulerPorts = {
  jobs: readonly Scheduled[];
  timezone: string;
  zone: Zone;
  /** Longest delay of a start after its time. */
  jitter: Millis;
  /** Notes the records where a restart finds them. */
  save: () => Promise<void>;
  /** Runs a job to its end. */
  run: (scheduled: Scheduled, startedAt: Millis) => Promise<JobEnd>;
  log: Logger;
  signal: AbortSignal;
  now: () => Millis;
};

/** In addition to the times of the lines: for what is due while no line is, as after a sleep of the machine. */
const EVERY_MINUTE = '* * * * *';

/**
 * Runs jobs when they are due until the signal fires. One at a time: they share a home. What comes due meanwhile waits its
 * turn, and once is enough.
 *
 * node-cron only says when to look. What is due then is a rule over what was noted of the last starts, so that an event
 * that comes late, twice or never changes nothing.
 */
export async function keepSchedule(ports: SchedulerPorts): Promise<void> {
  const { jobs, signal, now } = ports;
  const queue: { scheduled: Scheduled; repeat: number }[] = [];
  const delayed = new Map<Scheduled, NodeJS.Timeout>();
  let current: Scheduled | null = null;
  let wake: (() => void) | null = null;

  const isTaken = (scheduled: Scheduled): boolean =>
    scheduled === current ||
    delayed.has(scheduled) ||
    queue.some((entry) => entry.scheduled === scheduled);
  const look = (): void => {
    for (const scheduled of jobs.filter((each) => !isTaken(each))) {
      const start = startDue(scheduled, ports.zone, scheduled.record, now());
      if (start === null) continue;
      const enqueue = (): void => {
        delayed.delete(scheduled);
        queue.push({ scheduled, repeat: start.repeat });
        wake?.();
      };
      // What is late already has been spread enough.
      const delay = start.dueAt + Math.random() * ports.jitter - now();
      if (start.repeat > 0 || delay <= 0) enqueue();
      else delayed.set(scheduled, setTimeout(enqueue, delay));
    }
  };
  const stop = (): void => wake?.();
  signal.addEventListener('abort', stop, { once: true });
  const tasks = clocks(ports, look);
  try {
    while (!signal.aborted) {
      look();
      const next = queue.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      current = next.scheduled;
      await runOne(ports, next.scheduled, next.repeat);
      current = null;
    }
  } finally {
    for (const task of tasks) await task.destroy();
    for (const timer of delayed.values()) clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** Looks at the times of every line. */
function clocks({ jobs, timezone, log }: SchedulerPorts, look: () => void): ScheduledTask[] {
  const lines = [
    ...jobs.map(({ job: { name }, line: { text } }) => ({ name, text, timezone })),
    { name: 'every minute', text: EVERY_MINUTE, timezone: 'UTC' },
  ];
  return lines.map(({ name, text, timezone: zone }) => {
    const task = createTask(text, look, { name, timezone: zone, logger: log });
    task.on('execution:missed', look);
    void task.start();
    return task;
  });
}

/** Noted before it begins and after it ended. A run that is cut short stays noted as unfinished. */
async function runOne(ports: SchedulerPorts, scheduled: Scheduled, repeats: number): Promise<void> {
  const { save, now, signal } = ports;
  const { record } = scheduled;
  const startedAt = now();
  Object.assign(record, { since: startedAt, unfinished: true, repeats });
  await save();
  const { exit, isDone, verdict } = await ports.run(scheduled, startedAt);
  const endedAt = now();
  const unfinished = signal.aborted && exit !== EXIT.complete;
  Object.assign(record, {
    unfinished,
    exit,
    verdict,
    endedAt,
    ...(isDone ? { succeededAt: endedAt } : {}),
  });
  await save();
}
