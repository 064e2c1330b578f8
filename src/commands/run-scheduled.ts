import { documentOf } from '../documents/common.ts';
import type { ScheduleDocument } from '../documents/schedule.ts';
import { statusDocument } from '../documents/status.ts';
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
import { iso } from '../platform/time.ts';

type Metrics = { jobs: JobMetrics; documents: DocumentMetrics };

/** A restart forgets no freshness: what the home knows of itself is asked of it. */
export async function prime(
  context: Context,
  globals: readonly string[],
  records: Records,
  metrics: Metrics,
): Promise<void> {
  const { document } = await runVerb([...globals, 'status'], context);
  const status = documentOf(statusDocument, document);
  if (status === null) {
    context.output.log.warn('status left no document that can be read: freshness is not known yet');
  } else {
    metrics.documents.status(status);
    for (const job of JOBS.filter(({ freshness }) => freshness)) {
      // The newest is last. Runs that were started by hand count as well.
      const last = status.runs.findLast(
        (run) => run.job === job.run[0] && run.outcome === 'complete',
      );
      recordOf(records, job.name).succeededAt ??=
        last === undefined ? null : Date.parse(last.finished_at);
    }
  }
  metrics.jobs.prime(records);
}

/** Runs a job to its end and reports it. */
export async function runScheduled(
  context: Context,
  globals: readonly string[],
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
  const end = { exit, isDone: isDone(job, ended) };
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
  output.log[level]({ job: name, exit, ms: endedAt - startedAt }, 'job ended');
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
