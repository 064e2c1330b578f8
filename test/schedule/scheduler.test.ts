/** node-cron and the rule together, over days that pass at once. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { jobNamed } from '../../src/schedule/jobs.ts';
import { readCron } from '../../src/schedule/last-due.ts';
import { NOTHING_YET } from '../../src/schedule/records.ts';
import { keepSchedule } from '../../src/schedule/scheduler.ts';
import { openZone } from '../../src/platform/zone.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Plan = {
  from: string;
  jobs: Record<string, string>;
  timezone?: string;
  jitter?: number;
  /** How long a run of a job takes, and how it ends. */
  takes?: number;
  exit?: number;
};

/** A scheduler at work at `from`. `starts` is what it started so far, as `job HH:MM` in UTC after the day. */
async function at(plan: Plan) {
  const { from, jobs, timezone = 'UTC', jitter = 0, takes = 0, exit = 0 } = plan;
  vi.setSystemTime(from);
  const stop = new AbortController();
  const starts: string[] = [];
  let [running, most] = [0, 0];
  const fresh = { ...NOTHING_YET, since: Date.now() };
  const done = keepSchedule({
    jobs: Object.entries(jobs).map(([name, line]) => ({
      job: jobNamed(name),
      line: readCron(line),
      record: { ...fresh },
    })),
    timezone,
    zone: openZone(timezone),
    jitter,
    save: () => Promise.resolve(),
    async run({ job }, startedAt) {
      starts.push(`${job.name} ${new Date(startedAt).toISOString().slice(5, 16)}`);
      running += 1;
      most = Math.max(most, running);
      if (takes > 0) await new Promise((resolve) => setTimeout(resolve, takes));
      running -= 1;
      return { exit, isDone: exit === 0, verdict: `it ended with ${exit}` };
    },
    log: { info: fail, warn: fail, error: fail, debug: () => undefined },
    signal: stop.signal,
    now: Date.now,
  });
  await vi.advanceTimersByTimeAsync(0);
  return {
    starts,
    most: () => most,
    async end() {
      stop.abort();
      await vi.advanceTimersByTimeAsync(takes);
      await done;
      expect(vi.getTimerCount()).toBe(0);
    },
  };
}

function fail(text: unknown): never {
  throw new Error(`logged: ${String(text)}`);
}

test.each([
  ['spring', '2026-03-28T23:00:00Z', ['03-29T01:00', '03-30T00:30']],
  ['autumn', '2026-10-24T23:00:00Z', ['10-25T00:30', '10-26T01:30']],
])('half past two in Berlin comes once a night in %s', async (_, from, expected) => {
  const timezone = 'Europe/Berlin';
  const schedule = await at({ from, jobs: { nightly: '30 2 * * *' }, timezone });
  await vi.advanceTimersByTimeAsync(27 * HOUR);
  expect(schedule.starts).toEqual(expected.map((time) => `nightly ${time}`));
  await schedule.end();
});

test('a clock that is set back by an hour starts nothing twice', async () => {
  const schedule = await at({ from: '2026-06-10T02:00:00Z', jobs: { nightly: '15 2 * * *' } });
  await vi.advanceTimersByTimeAsync(30 * MINUTE);
  vi.setSystemTime('2026-06-10T01:30:00Z');
  await vi.advanceTimersByTimeAsync(26 * HOUR);
  expect(schedule.starts).toEqual(['nightly 06-10T02:15', 'nightly 06-11T02:15']);
  await schedule.end();
});

test('a clock that jumps past a time, as after a sleep, leads to one start', async () => {
  const schedule = await at({ from: '2026-06-10T01:00:00Z', jobs: { nightly: '15 2 * * *' } });
  vi.setSystemTime('2026-06-13T09:00:30Z');
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  expect(schedule.starts).toEqual(['nightly 06-13T09:01']);
  await vi.advanceTimersByTimeAsync(24 * HOUR);
  expect(schedule.starts).toEqual(['nightly 06-13T09:01', 'nightly 06-14T02:15']);
  await schedule.end();
});

test('a job that outlasts its interval is not started twice; what came due waits, once', async () => {
  const schedule = await at({
    from: '2026-06-10T00:00:30Z',
    jobs: { nightly: '*/5 * * * *', verify: '*/5 * * * *' },
    takes: 12 * MINUTE,
  });
  await vi.advanceTimersByTimeAsync(45 * MINUTE);
  expect(schedule.starts).toEqual([
    'nightly 06-10T00:05',
    'verify 06-10T00:17',
    'nightly 06-10T00:29',
    'verify 06-10T00:41',
  ]);
  await schedule.end();
  expect(schedule.most()).toBe(1);
});

test('what ends as incomplete is repeated four times before its next time', async () => {
  const schedule = await at({
    from: '2026-06-10T02:00:00Z',
    jobs: { nightly: '0 3 * * *' },
    takes: MINUTE,
    exit: 3,
  });
  await vi.advanceTimersByTimeAsync(23 * HOUR);
  const times = ['03:00', '03:16', '03:32', '03:48', '04:04'];
  expect(schedule.starts).toEqual(times.map((time) => `nightly 06-10T${time}`));
  await vi.advanceTimersByTimeAsync(2 * HOUR + MINUTE);
  expect(schedule.starts[5]).toBe('nightly 06-11T03:00');
  await schedule.end();
});

test('a start is spread over the jitter', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const schedule = await at({
    from: '2026-06-10T02:00:00Z',
    jobs: { nightly: '15 2 * * *' },
    jitter: 10 * MINUTE,
  });
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(schedule.starts).toEqual(['nightly 06-10T02:20']);
  await schedule.end();
});
