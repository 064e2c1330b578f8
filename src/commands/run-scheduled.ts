import { existsSync } from 'node:fs';
import { documentOf } from '../documents/common.ts';
import type { ScheduleDocument } from '../documents/schedule.ts';
import { type StatusDocument, statusDocument } from '../documents/status.ts';
import type { Context } from '../runs/context.ts';
import { EXIT, messageOf } from '../errors.ts';
import type { Millis } from '../model.ts';
import { type Ended, runCommand } from '../schedule/command.ts';
import type { DocumentMetrics } from '../schedule/document-metrics.ts';
import { JOBS } from '../schedule/jobs.ts';
import type { JobMetrics } from '../schedule/metrics.ts';
import { recordOf, type Records } from '../schedule/records.ts';
import { argumentsOf, countDocument, isDone } from '../schedule/run-rules.ts';
import type { JobEnd, Scheduled } from '../schedule/scheduler.ts';
import { verdictOf } from '../schedule/verdict.ts';
import { iso } from '../platform/time.ts';

export type Metrics = {
  jobs: JobMetrics;
  documents: DocumentMetrics;
  /** Measures the home. */
  home: () => Promise<void>;
};

/** What the home knows of itself is asked of it: at the start, so that a restart forgets nothing, and after every run. */
export async function refresh(
  context: Context,
  globals: readonly string[],
  records: Records,
  metrics: Metrics,
  isStart = false,
): Promise<void> {
  const status = await statusOf(context, globals);
  await metrics.home().catch((error: unknown) => {
    context.output.log.warn({ err: error }, 'the home could not be measured');
  });
  if (status === null) {
    context.output.log.warn('status left no document that can be read: freshness is not known yet');
  } else {
    if (isStart) metrics.documents.status(status);
    metrics.documents.stands(status);
    for (const job of JOBS.filter(({ freshness }) => freshness)) {
      // The newest is last. Runs that were started by hand count as well.
      const last = status.runs.findLast(
        (run) => run.job === job.run[0] && run.outcome === 'complete',
      );
      const record = recordOf(records, job.name);
      const at = last === undefined ? null : Date.parse(last.finished_at);
      if (at !== null && at > (record.succeededAt ?? 0)) record.succeededAt = at;
    }
  }
  metrics.jobs.prime(records);
}

/** With its alarms; without them where there is no archive yet. */
async function statusOf(
  context: Context,
  globals: readonly string[],
): Promise<StatusDocument | null> {
  const hasArchive = existsSync(context.layout.ledger);
  const argv = [...globals, 'status', ...(hasArchive ? ['--coverage'] : [])];
  const { document } = await runVerb(argv, context).catch((error: unknown): Ended => {
    context.output.log.error({ err: error }, `status could not be run: ${messageOf(error)}`);
    return { exit: EXIT.failed, document: null };
  });
  return documentOf(statusDocument, document);
}

/** Runs a job to its end and reports it. */
export async function runScheduled(
  context: Context,
  globals: readonly string[],
  records: Records,
  metrics: Metrics,
  { job, record }: Scheduled,
  startedAt: Millis,
): Promise<JobEnd> {
  const { output, now } = context;
  const { name } = job;
  const argv = argumentsOf(job, record);
  output.log.info({ job: name }, 'job begins');
  metrics.jobs.started(name);
  const ended = await runVerb([...globals, ...argv], context).catch((error: unknown): Ended => {
    output.log.error({ job: name, err: error }, `the job could not be run: ${messageOf(error)}`);
    return { exit: EXIT.failed, document: null };
  });
  const { exit, document } = ended;
  const endedAt = now();
  const end = { exit, isDone: isDone(job, ended), verdict: verdictOf(ended) };
  // Before the end is told: the records are still those of the run before.
  if (!context.signal.aborted) await refresh(context, globals, records, metrics);
  metrics.jobs.ended(name, { ...end, startedAt, endedAt });
  const [verb = ''] = argv;
  const isCounted = countDocument(metrics.documents, { job: name, verb }, document);
  // A configuration that is refused and a command that failed early have no more to say than their error.
  const isExpected = exit === EXIT.complete || (document === null && exit !== EXIT.usage);
  if (!isCounted && isExpected) {
    output.log.warn(
      { job: name, exit },
      'the job left no document that can be read: no metrics of it',
    );
  }
  const level = exit === EXIT.complete ? 'info' : 'warn';
  output.log[level](
    { job: name, exit, ms: endedAt - startedAt, verdict: end.verdict },
    `${name} ended: ${end.verdict}`,
  );
  if (context.json) {
    const [started_at, finished_at] = [iso(startedAt), iso(endedAt)];
    // It was read as JSON.
    const report = document as ScheduleDocument['report'];
    const line: ScheduleDocument = {
      version: 1,
      job: name,
      exit,
      started_at,
      finished_at,
      report,
    };
    output.line(JSON.stringify(line));
  }
  return end;
}

function runVerb(argv: readonly string[], context: Context): Promise<Ended> {
  return runCommand([...argv, '--json'], context);
}
