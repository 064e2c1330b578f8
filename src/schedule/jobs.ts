/**
 * What is scheduled: each job is a command line that a person could type, by default at these times. The order is the
 * one in which jobs that are due together run.
 */
export const JOBS = {
  nightly: { argv: ['sync'], line: '15 2 * * *' },
  reconcile: { argv: ['verify', '--against-source'], line: '0 4 * * *' },
  verify: { argv: ['verify'], line: '0 6 * * 0' },
} as const;

export type JobName = keyof typeof JOBS;

export const JOB_NAMES: readonly JobName[] = ['nightly', 'reconcile', 'verify'];
