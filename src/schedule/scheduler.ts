import { createTask, type Logger, type ScheduledTask } from 'node-cron';
import { EXIT } from '../errors.ts';
import type { Millis } from '../model.ts';
import type { JobName } from './jobs.ts';
import type { CronLine } from './last-due.ts';
import { startDue } from './next-start.ts';
import type { Records } from './records.ts';
import type { Zone } from './zone.ts';

/** How a job ended, and whether what it is for was done: a sync is done if the vendors were read, whatever a receiver says. */
export type JobEnd = { exit: number; isDone: boolean };

export type SchedulerPorts = {
  jobs: readonly { name: JobName; line: CronLine }[];
  timezone: string;
  zone: Zone;
  /** Longest delay of a start after its time. */
  jitter: Millis;
  /** What was noted of earlier runs; kept up to date. */
  records: Records;
  /** Notes the records where a restart finds them. */
  save: () => Promise<void>;
  /** Runs a job to its end. */
  run: (job: JobName, startedAt: Millis, repeat: number) => Promise<JobEnd>;
  log: Logger;
  signal: AbortSignal;
  now: () => Millis;
};

/** Beside the lines' own times: for what is due while no line is, as after a sleep of the machine. */
const EVERY_MINUTE = '* * * * *';

/**
 * Runs jobs when they are due until the signal fires. One at a time: they share a home. What comes due meanwhile waits its
 * turn, and once is enough.
 *
 * node-cron only says when to look. What is due then is a rule over what was noted of the last starts, so that an event
 * that comes late, twice or never changes nothing.
 */
export async function keepSchedule(ports: SchedulerPorts): Promise<void> {
  const { jobs, records, signal, now } = ports;
  const queue: { name: JobName; repeat: number }[] = [];
  const delayed = new Map<JobName, NodeJS.Timeout>();
  let current: JobName | null = null;
  let wake: (() => void) | null = null;

  const look = (): void => {
    for (const { name, line } of jobs) {
      if (name === current || delayed.has(name) || queue.some((job) => job.name === name)) continue;
      const start = startDue(line, ports.zone, records[name], now());
      if (start === null) continue;
      const enqueue = (): void => {
        delayed.delete(name);
        queue.push({ name, repeat: start.repeat });
        wake?.();
      };
      // What is late already has been spread enough.
      const delay = start.dueAt + Math.random() * ports.jitter - now();
      if (start.repeat > 0 || delay <= 0) enqueue();
      else delayed.set(name, setTimeout(enqueue, delay));
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
      current = next.name;
      await runOne(ports, next.name, next.repeat);
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
    ...jobs.map(({ name, line }) => ({ name, text: line.text, timezone })),
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
async function runOne(ports: SchedulerPorts, name: JobName, repeats: number): Promise<void> {
  const { records, save, now, signal } = ports;
  const startedAt = now();
  records[name] = { ...records[name], since: startedAt, unfinished: true, repeats };
  await save();
  const { exit, isDone } = await ports.run(name, startedAt, repeats);
  const endedAt = now();
  const succeededAt = isDone ? endedAt : records[name].succeededAt;
  const unfinished = signal.aborted && exit !== EXIT.complete;
  records[name] = { ...records[name], unfinished, exit, endedAt, succeededAt };
  await save();
}
