import { usageError } from '../errors.ts';
import { cronFault } from '../schedule/cron-fault.ts';
import { JOBS } from '../schedule/jobs.ts';
import type { Address } from '../schedule/server.ts';
import type { FileConfig } from './schema.ts';
import type { Settings } from './lookup.ts';
import { parseDuration } from './values.ts';

export type ScheduleConfig = {
  /** An IANA name. */
  timezone: string;
  /** The jobs that are wanted, with their cron lines. */
  jobs: { name: string; line: string }[];
  /** A job starts up to this many milliseconds after its time. */
  jitter: number;
  /** Whether what was missed while the scheduler was down is started at once. */
  catchUp: boolean;
  /** Where `/metrics` and `/healthz` are served. */
  listen: Address | null;
};

const LONGEST_JITTER = 3_600_000;

export function readSchedule(settings: Settings, file: FileConfig): ScheduleConfig {
  const { schedule = {} } = file;
  const { timezone = 'UTC', jitter = '10m', catchUp = true, listen = '0.0.0.0:9464' } = schedule;
  const names = JOBS.map(({ name }) => name);
  for (const key of [...names, 'timezone', 'jitter', 'catchUp', 'listen']) {
    settings.note(`schedule.${key}`, Object.hasOwn(schedule, key) ? settings.label : 'default');
  }
  const where = (key: string): string => `schedule.${key} in ${settings.label}`;
  const lines = new Map(Object.entries(schedule as Record<string, string | false | undefined>));
  const jobs = JOBS.flatMap(({ name, cron }) => {
    const line = lines.get(name) ?? cron;
    return line === false ? [] : [{ name, line: checkCron(line, where(name)) }];
  });
  if (jobs.length === 0) {
    throw usageError(
      `schedule in ${settings.label} has no job left`,
      `leave one of ${JOBS.filter(({ cron }) => cron !== false)
        .map(({ name }) => name)
        .join(', ')} out to have it at its default time`,
    );
  }
  return {
    timezone: checkTimezone(timezone, where('timezone')),
    jobs,
    jitter: parseJitter(jitter, where('jitter')),
    catchUp,
    listen: listen === false ? null : parseAddress(listen, where('listen')),
  };
}

function checkCron(line: string, where: string): string {
  const fault = cronFault(line);
  if (fault === null) return line;
  throw usageError(
    `${where} is not a cron line${fault === '' ? '' : `: ${fault}`}`,
    'write minute, hour, day of the month, month and weekday, such as "15 2 * * *", or false for no such job',
  );
}

function checkTimezone(name: string, where: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return name;
  } catch {
    throw usageError(`${where} is not a time zone`, 'write a name such as UTC or Europe/Berlin');
  }
}

function parseJitter(text: string, where: string): number {
  const jitter = parseDuration(text, where);
  if (jitter <= LONGEST_JITTER) return jitter;
  throw usageError(`${where} is out of range`, 'write a duration from 0s to 1h');
}

function parseAddress(text: string, where: string): Address {
  const [, host = '', digits = ''] = /^(\[[0-9a-f:.]+\]|[^\s:[\]/]+):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (host === '' || port > 65_535) {
    throw usageError(
      `${where} is not an address and port`,
      'write it as 0.0.0.0:9464, 127.0.0.1:9464 or "[::]:9464", or false to serve nothing',
    );
  }
  return { host: host.replace(/^\[|\]$/g, ''), port };
}
