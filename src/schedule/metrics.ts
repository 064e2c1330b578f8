import { type Counter, type Gauge, Histogram, type Registry } from 'prom-client';
import { EXIT } from '../errors.ts';
import type { Millis } from '../model.ts';
import { instruments } from './instruments.ts';
import type { Records } from './records.ts';
import type { Scheduled } from './scheduler.ts';

/** One second to half a day: a quiet night takes seconds, a first sync hours. */
const BUCKETS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200];

/**
 * What is told of jobs, whatever they do. A job is the label `task`: Prometheus gives every sample that it scrapes a label `job`
 * of its own.
 */
export type JobMetrics = {
  /** Begins their series, so that an alert finds them and the first of a kind is an increase. */
  expected(jobs: readonly Scheduled[]): void;
  /** What was known before this process. */
  prime(records: Records): void;
  started(job: string): void;
  ended(
    job: string,
    end: { exit: number; isDone: boolean; startedAt: Millis; endedAt: Millis },
  ): void;
};

/** When a job is started next, given whether it is at work now. */
type NextStart = (job: Scheduled, isRunning: boolean) => Millis | null;

export function jobMetrics(registry: Registry, nextStart: NextStart): JobMetrics {
  const { runs, duration, running, lastRun, lastExit, lastSuccess } = seriesOf(registry);
  const next = nextRuns(registry, nextStart);
  return {
    expected(jobs) {
      next.scheduled.push(...jobs);
      for (const { job } of jobs) {
        const task = job.name;
        for (const exit of Object.values(EXIT)) runs.inc({ task, exit }, 0);
        duration.zero({ task });
        for (const each of [running, lastRun, lastExit, lastSuccess]) each.set({ task }, 0);
      }
    },
    prime(records) {
      for (const [task, { exit, endedAt, succeededAt }] of records) {
        if (exit !== null) lastExit.set({ task }, exit);
        if (endedAt !== null) lastRun.set({ task }, endedAt / 1000);
        if (succeededAt !== null) lastSuccess.set({ task }, succeededAt / 1000);
      }
    },
    started(task) {
      next.running.add(task);
      running.set({ task }, 1);
    },
    ended(task, { exit, isDone, startedAt, endedAt }) {
      next.running.delete(task);
      running.set({ task }, 0);
      runs.inc({ task, exit });
      duration.observe({ task }, (endedAt - startedAt) / 1000);
      lastExit.set({ task }, exit);
      lastRun.set({ task }, endedAt / 1000);
      if (isDone) lastSuccess.set({ task }, endedAt / 1000);
    },
  };
}

type OfTask = Gauge<'task'>;

function seriesOf(registry: Registry): {
  runs: Counter<'task' | 'exit'>;
  duration: Histogram<'task'>;
  running: OfTask;
  lastRun: OfTask;
  lastExit: OfTask;
  lastSuccess: OfTask;
} {
  const { counter, gauge } = instruments(registry);
  const labels = ['task'] as const;
  return {
    runs: counter('runs_total', 'Ended runs of a job, by exit code.', ['task', 'exit']),
    duration: new Histogram({
      name: 'auditlake_run_duration_seconds',
      help: 'How long runs of a job took.',
      labelNames: labels,
      buckets: BUCKETS,
      registers: [registry],
    }),
    running: gauge('running', '1 while the job is at work.', labels),
    lastRun: gauge('last_run_timestamp_seconds', 'When the last run of the job ended.', labels),
    lastExit: gauge('last_exit_code', 'Exit code of the last run of the job.', labels),
    lastSuccess: gauge(
      'last_success_timestamp_seconds',
      'When the job last ended as complete.',
      labels,
    ),
  };
}

/** Answered at each request: it depends on the time. */
function nextRuns(
  registry: Registry,
  nextStart: NextStart,
): { scheduled: Scheduled[]; running: Set<string> } {
  const scheduled: Scheduled[] = [];
  const running = new Set<string>();
  const help = 'When the job is due next, without its random delay.';
  instruments(registry).gauge('next_run_timestamp_seconds', help, ['task'], {
    collect() {
      for (const each of scheduled) {
        const task = each.job.name;
        const at = nextStart(each, running.has(task));
        if (at !== null) this.set({ task }, at / 1000);
      }
    },
  });
  return { scheduled, running };
}
