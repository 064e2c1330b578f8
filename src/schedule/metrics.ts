import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Millis } from '../model.ts';
import type { Records } from './records.ts';

/** One second to half a day: a quiet night takes seconds, a first sync hours. */
const BUCKETS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200];

/** What is told of jobs, whatever they do. */
export type JobMetrics = {
  /** What was known before this process. */
  prime(records: Records): void;
  started(job: string): void;
  ended(
    job: string,
    end: { exit: number; isDone: boolean; startedAt: Millis; endedAt: Millis },
  ): void;
};

export function jobMetrics(registry: Registry): JobMetrics {
  const registers = [registry];
  const labelNames = ['job'] as const;
  const gauge = (name: string, help: string): Gauge<'job'> =>
    new Gauge({ name: `auditlake_${name}`, help, labelNames, registers });
  const runs = new Counter({
    name: 'auditlake_runs_total',
    help: 'Ended runs of a job, by exit code.',
    labelNames: ['job', 'exit'],
    registers,
  });
  const duration = new Histogram({
    name: 'auditlake_run_duration_seconds',
    help: 'How long runs of a job took.',
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  const running = gauge('running', '1 while the job is at work.');
  const lastRun = gauge('last_run_timestamp_seconds', 'When the last run of the job ended.');
  const lastExit = gauge('last_exit_code', 'Exit code of the last run of the job.');
  const lastSuccess = gauge(
    'last_success_timestamp_seconds',
    'When the job last ended as complete.',
  );
  return {
    prime(records) {
      for (const [job, { exit, endedAt, succeededAt }] of records) {
        if (exit !== null) lastExit.set({ job }, exit);
        if (endedAt !== null) lastRun.set({ job }, endedAt / 1000);
        if (succeededAt !== null) lastSuccess.set({ job }, succeededAt / 1000);
      }
    },
    started(job) {
      running.set({ job }, 1);
    },
    ended(job, { exit, isDone, startedAt, endedAt }) {
      running.set({ job }, 0);
      runs.inc({ job, exit });
      duration.observe({ job }, (endedAt - startedAt) / 1000);
      lastExit.set({ job }, exit);
      lastRun.set({ job }, endedAt / 1000);
      if (isDone) lastSuccess.set({ job }, endedAt / 1000);
    },
  };
}
