import { EXIT } from '../errors.ts';
import type { Millis } from '../model.ts';
import type { Job } from './jobs.ts';
import type { JobRecord } from './next-start.ts';

/** Why somebody should look. `exit` is the code that the job last ended with. */
export type Problem = {
  job: string;
  reason: 'never-ran' | 'stale' | 'needs-a-person' | 'failed' | 'integrity';
  exit: number | null;
  /** Why it ended so, as its command says it. */
  verdict: string | null;
};

const HEALS: readonly (number | null)[] = [null, EXIT.complete, EXIT.incomplete, EXIT.locked];

/** A job, and the instant that its last success must not lie before; null if no time is to be kept. */
export type Watched = { job: Job; record: JobRecord; staleBefore: Millis | null };

/** What is wrong, as far as the last runs show. */
export function problemsOf(jobs: readonly Watched[]): Problem[] {
  return jobs.flatMap(({ job: { name: job, freshness }, record, staleBefore }) => {
    const { exit, verdict, succeededAt } = record;
    const problems: Problem[] = HEALS.includes(exit)
      ? []
      : [{ job, reason: reasonOf(exit), exit, verdict }];
    if (!freshness) return problems;
    if (succeededAt === null) return [...problems, { job, reason: 'never-ran', exit, verdict }];
    const isStale = staleBefore !== null && succeededAt < staleBefore;
    return isStale ? [...problems, { job, reason: 'stale', exit, verdict }] : problems;
  });
}

function reasonOf(exit: number | null): Problem['reason'] {
  if (exit === EXIT.integrity) return 'integrity';
  return exit === EXIT.person || exit === EXIT.usage ? 'needs-a-person' : 'failed';
}
