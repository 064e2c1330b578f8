import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BigQuery, JobMetadata } from '@google-cloud/bigquery';
import { stopped } from '../../errors.ts';
import { call, type Pace } from './call.ts';
import { BigQueryError } from './answers.ts';

/** Jobs that one run starts for one piece of work. */
const STARTS_PER_RUN = 3;

/** Jobs for one piece of work, those of earlier runs included. */
const MAX_ATTEMPTS = 100;

export type JobTools = {
  client: BigQuery;
  location: string;
  pace: Pace;
  signal: AbortSignal;
};

export type Work<T> = {
  /** For messages, such as `load into audit.audit_events`. */
  what: string;
  /** The same work has the same name in every run. It becomes the job's id, by which BigQuery refuses to do it twice. */
  name: string;
  start(jobId: string): Promise<unknown>;
  /** Milliseconds that `start` may take. */
  patience: number;
  /** What a job that succeeded at this time made; null if it no longer exists. */
  result(finishedAt: number): Promise<T | null>;
};

/**
 * Has a job do a piece of work once. A job that another run started is waited for; one that failed, or whose result no longer
 * exists, is followed by another attempt.
 *
 * @throws BigQueryError with what the last attempt said; `transient` if a job takes longer than a run waits
 */
export async function runOnce<T>(work: Work<T>, tools: JobTools): Promise<T> {
  let started = 0;
  let failure: BigQueryError | null = null;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const id = `${work.name}_${attempt}`;
    const known = await find(id, work, tools);
    if (known === null) {
      if (started === STARTS_PER_RUN) break;
      if (started > 0) await pause(tools.pace.retry.firstPause * 2 ** started, tools.signal);
      started += 1;
      await begin(id, work, tools);
    }
    const job = await ended(id, known, work, tools);
    failure = failureOf(`${work.what} (job ${id})`, job);
    if (failure === null) {
      const result = await work.result(Number(job.statistics?.endTime ?? 0));
      if (result !== null) return result;
      continue;
    }
    // What a person can fix is tried again in a later run: only then can the answer be another.
    if (known === null && failure.fault !== 'transient') break;
  }
  throw failure ?? unclear(work, 'its result no longer existed, each time');
}

/** Whatever the answer is (none, or that the id is taken): a job that exists is waited for. */
async function begin(id: string, work: Work<unknown>, tools: JobTools): Promise<void> {
  try {
    await call(work.what, tools.pace, tools.signal, () => work.start(id), work.patience);
  } catch (error) {
    if (!(error instanceof BigQueryError) || (await find(id, work, tools)) === null) throw error;
  }
}

async function find(id: string, work: Work<unknown>, tools: JobTools): Promise<JobMetadata | null> {
  const { client, location, pace, signal } = tools;
  try {
    const [job] = await call(work.what, pace, signal, () =>
      client.job(id, { location }).getMetadata(),
    );
    return job;
  } catch (error) {
    if (error instanceof BigQueryError && error.fault === 'absent') return null;
    throw error;
  }
}

async function ended(
  id: string,
  known: JobMetadata | null,
  work: Work<unknown>,
  tools: JobTools,
): Promise<JobMetadata> {
  const { job: limit, retry } = tools.pace;
  let job = known ?? (await find(id, work, tools));
  let waited = 0;
  for (let wait = retry.firstPause; job?.status?.state !== 'DONE';) {
    if (waited >= limit) throw unclear(work, `the job ${id} has not ended yet`);
    await pause(wait, tools.signal);
    waited += wait;
    wait = Math.min(2 * wait, retry.longestPause);
    job = await find(id, work, tools);
  }
  return job;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw stopped();
  });
}

function failureOf(what: string, job: JobMetadata): BigQueryError | null {
  const result = job.status?.errorResult;
  if (result === undefined) return null;
  const { reason = 'unknown', message = '' } = result;
  return new BigQueryError(what, { status: null, reason, message, network: null });
}

function unclear(work: Work<unknown>, message: string): BigQueryError {
  return new BigQueryError(work.what, { status: null, reason: 'timeout', message, network: null });
}

/** A name for a job or a table: letters, digits and underscores, the same for the same identity. */
export function nameFor(kind: string, identity: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return `auditlake_${kind}_${digest.slice(0, 32)}`;
}
