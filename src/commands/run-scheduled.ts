import type { Context } from '../runs/context.ts';
import { EXIT, messageOf } from '../errors.ts';
import type { Millis } from '../model.ts';
import { type Ended, runCommand } from '../schedule/command.ts';
import type { DocumentMetrics } from '../schedule/document-metrics.ts';
import { asDelivery, asStatus, asSync, asVerify } from '../schedule/documents.ts';
import { JOBS, type JobName } from '../schedule/jobs.ts';
import type { JobMetrics } from '../schedule/metrics.ts';
import type { JobRecord } from '../schedule/next-start.ts';
import type { Records } from '../schedule/records.ts';
import type { JobEnd } from '../schedule/scheduler.ts';

type Metrics = { jobs: JobMetrics; documents: DocumentMetrics };

/** A restart forgets no freshness: what the home knows of itself is asked of it. */
export async function prime(
  { output, signal }: Context,
  globals: readonly string[],
  records: Records,
  metrics: Metrics,
): Promise<void> {
  const { document } = await run([...globals, 'status'], signal);
  const status = asStatus(document);
  if (status === null) {
    output.log.warn('status left no document that can be read: freshness is not known yet');
  } else {
    metrics.documents.status(status);
    // The newest is last. Syncs that were started by hand count as well.
    const last = status.runs.findLast(
      ({ job, outcome }) => job === 'sync' && outcome === 'complete',
    );
    records.nightly.succeededAt ??= last?.finished_at ?? null;
  }
  metrics.jobs.prime(records);
}

/** What a job is run with. Where all was read and only a receiver lacks something, that is what is repeated. */
export function argvOf(
  job: JobName,
  repeat: number,
  { exit, endedAt, succeededAt }: JobRecord,
): readonly string[] {
  const isReceivers = exit === EXIT.incomplete && succeededAt !== null && succeededAt === endedAt;
  return job === 'nightly' && repeat > 0 && isReceivers ? ['deliver'] : JOBS[job].argv;
}

/** Runs a job to its end and tells of it. */
export async function runScheduled(
  context: Context,
  argv: readonly string[],
  metrics: Metrics,
  job: JobName,
  startedAt: Millis,
): Promise<JobEnd> {
  const { output, signal, now } = context;
  output.log.info({ job }, 'job begins');
  metrics.jobs.started(job);
  const { exit, document } = await run(argv, signal).catch((error: unknown): Ended => {
    output.log.error({ job, err: error }, `the job could not be run: ${messageOf(error)}`);
    return { exit: EXIT.failed, document: null };
  });
  const endedAt = now();
  const isDone = exit === EXIT.complete || (job === 'nightly' && wasRead(document));
  metrics.jobs.ended(job, { exit, isDone, startedAt, endedAt });
  note(context, metrics.documents, job, { exit, document });
  const level = exit === EXIT.complete ? 'info' : 'warn';
  output.log[level]({ job, exit, ms: endedAt - startedAt }, 'job ended');
  if (context.json) {
    const [started_at, finished_at] = [startedAt, endedAt].map((at) => new Date(at).toISOString());
    const line = { version: 1, job, exit, started_at, finished_at, report: document };
    output.line(JSON.stringify(line));
  }
  return { exit, isDone };
}

/** Whether everything of the vendors was read, by this job or, where it only delivered, by the one before. */
function wasRead(document: unknown): boolean {
  const sync = asSync(document);
  if (sync === null) return asDelivery(document) !== null;
  return sync.streams.every(({ outcome }) => outcome === 'complete' || outcome === 'unavailable');
}

function note(
  { output }: Context,
  metrics: DocumentMetrics,
  job: JobName,
  { exit, document }: Ended,
): void {
  const sync = job === 'nightly' ? asSync(document) : null;
  const verify = job === 'nightly' ? null : asVerify(document);
  const delivery = job === 'nightly' ? asDelivery(document) : null;
  if (sync !== null) metrics.sync(sync);
  else if (delivery !== null) metrics.deliver(delivery);
  else if (verify !== null) metrics.verify(job, verify);
  else if (exit === EXIT.complete || (document === null && exit !== EXIT.usage)) {
    output.log.warn({ job, exit }, 'the job left no document that can be read: no metrics of it');
  }
}

function run(argv: readonly string[], signal: AbortSignal): Promise<Ended> {
  const { stdout, stderr } = process;
  return runCommand([...argv, '--json'], { signal, stdout, stderr });
}
