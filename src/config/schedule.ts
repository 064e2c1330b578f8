import { usageError } from '../errors.ts';
import { cronFault } from '../schedule/cron-fault.ts';
import { JOBS } from '../schedule/jobs.ts';
import type { Address } from '../schedule/server.ts';
import { durationWithin } from '../settings/duration.ts';
import { type Form, problemAt, readSetting } from '../settings/problem.ts';
import type { FileConfig } from './file-schema.ts';
import type { Lookup } from './lookup.ts';
import { scheduleSchema } from './schedule-schema.ts';

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

const jitterForm = durationWithin(0, 3_600_000, 'from 0s to 1h');

/** @throws a usage error that names the first setting that is wrong */
export function readSchedule(lookup: Lookup, file: FileConfig): ScheduleConfig {
  const { schedule = {} } = file;
  const effective = scheduleSchema.parse(schedule);
  const { timezone, jitter, catchUp, listen } = effective;
  for (const [key, value] of Object.entries(effective)) {
    const origin = Object.hasOwn(schedule, key) ? lookup.label : 'default';
    lookup.note(`schedule.${key}`, origin, value);
  }
  const where = (key: string): string => `schedule.${key} in ${lookup.label}`;
  return {
    timezone: readSetting(timezoneForm, timezone, where('timezone')),
    jobs: readJobs(lookup, effective),
    jitter: readSetting(jitterForm, jitter, where('jitter')),
    catchUp,
    listen: listen === false ? null : readAddress(listen, where('listen')),
  };
}

function readJobs(lookup: Lookup, schedule: object): ScheduleConfig['jobs'] {
  const lines = new Map(Object.entries(schedule as Record<string, string | false>));
  const jobs = JOBS.flatMap(({ name }) => {
    const line = lines.get(name) ?? false;
    if (line === false) return [];
    return [{ name, line: readSetting(cronLine, line, `schedule.${name} in ${lookup.label}`) }];
  });
  if (jobs.length > 0) return jobs;
  const usual = JOBS.filter(({ cron }) => cron !== false).map(({ name }) => name);
  throw usageError(
    `schedule in ${lookup.label} has no job left`,
    `leave one of ${usual.join(', ')} out to have it at its default time`,
  );
}

const cronLine: Form<string> = (line) => {
  const fault = cronFault(line);
  if (fault === null) return line;
  return {
    what: `is not a cron line${fault === '' ? '' : `: ${fault}`}`,
    hint: 'write minute, hour, day of the month, month and weekday, such as "15 2 * * *", or false for no such job',
  };
};

const timezoneForm: Form<string> = (name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return name;
  } catch {
    return { what: 'is not a time zone', hint: 'write a name such as UTC or Europe/Berlin' };
  }
};

function readAddress(text: string, where: string): Address {
  const [, host = '', digits = ''] = /^(\[[0-9a-f:.]+\]|[^\s:[\]/]+):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (host === '' || port > 65_535) {
    throw problemAt(where, {
      what: 'is not an address and port',
      hint: 'write it as 0.0.0.0:9464, 127.0.0.1:9464 or "[::]:9464", or false to serve nothing',
    });
  }
  return { host: host.replace(/^\[|\]$/g, ''), port };
}
