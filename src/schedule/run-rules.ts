import { documentOf } from '../documents/common.ts';
import { deliverDocument } from '../documents/deliver.ts';
import { runDocument } from '../documents/run.ts';
import { verifyDocument } from '../documents/verify.ts';
import { EXIT } from '../errors.ts';
import type { Ended } from './command.ts';
import type { DocumentMetrics } from './document-metrics.ts';
import type { Job } from './jobs.ts';
import type { JobRecord } from './next-start.ts';

/** What a job is run with: where every vendor was read and only receivers lack something, its repeat does less. */
export function argumentsOf(
  { run, repeat: { onceRead } }: Job,
  { repeats, exit, endedAt, succeededAt }: JobRecord,
): readonly string[] {
  const wasRead = exit === EXIT.incomplete && succeededAt !== null && succeededAt === endedAt;
  return repeats > 0 && wasRead && onceRead !== undefined ? onceRead : run;
}

/**
 * Whether a job did what it is for. One whose repeats may only deliver is done once every vendor was read, by itself or by the
 * run that it repeats: a receiver that is down must not make the home look stale.
 */
export function isDone({ repeat: { onceRead } }: Job, { exit, document }: Ended): boolean {
  if (exit === EXIT.complete) return true;
  if (onceRead === undefined) return false;
  const run = documentOf(runDocument, document);
  if (run === null) return documentOf(deliverDocument, document) !== null;
  return run.streams.every(({ outcome }) => outcome === 'complete' || outcome === 'unavailable');
}

/** Counts what a command reported. False if it left no document of its verb; verbs that have nothing to count never do. */
export function countDocument(
  metrics: DocumentMetrics,
  { job, verb }: { job: string; verb: string },
  document: unknown,
): boolean {
  switch (verb) {
    case 'sync':
      return counted(documentOf(runDocument, document), (sync) => metrics.sync(sync));
    case 'deliver':
      return counted(documentOf(deliverDocument, document), (delivery) =>
        metrics.deliver(delivery),
      );
    case 'verify':
      return counted(documentOf(verifyDocument, document), (verify) => metrics.verify(job, verify));
    default:
      return true;
  }
}

function counted<T>(document: T | null, count: (document: T) => void): boolean {
  if (document !== null) count(document);
  return document !== null;
}
