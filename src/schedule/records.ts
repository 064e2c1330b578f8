import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, writeDurably } from '../platform/durable.ts';
import { isAbsent, readPlain } from '../platform/plain-file.ts';
import { messageOf, usageError } from '../errors.ts';
import type { Millis } from '../model.ts';
import { type Job, JOBS } from './jobs.ts';
import type { JobRecord } from './next-start.ts';
import { isoOrNull } from '../platform/time.ts';

/** By the name of the job. */
export type Records = Map<string, JobRecord>;

/** Names become labels of metrics: none but those of jobs. */
const LARGEST = 1024 * 1024;

const NAMES = new Set(JOBS.map(({ name }) => name));

const instant = z.iso.datetime().transform((text) => Date.parse(text));
const entry = z.object({
  since: instant,
  unfinished: z.boolean(),
  repeats: z.int(),
  exit: z.int().nullable(),
  // Earlier versions did not note it.
  verdict: z.string().nullable().default(null),
  endedAt: instant.nullable(),
  succeededAt: instant.nullable(),
});
const document = z.object({
  version: z.literal(1),
  jobs: z.record(z.string(), entry),
});

/**
 * What was noted of the jobs. A job without a record has missed nothing: its times count from now on. Only the job that keeps
 * an empty home fresh is due as soon as there is a schedule. What is known of jobs that are not scheduled now is kept.
 */
export async function readRecords(
  home: string,
  jobs: readonly Job[],
  at: { now: Millis; isEmpty: boolean; catchUp: boolean },
  onTrouble: (text: string) => void,
): Promise<Records> {
  const noted = await readNoted(fileIn(home), onTrouble);
  const records: Records = new Map(Object.entries(noted).filter(([name]) => NAMES.has(name)));
  for (const { name, catchUp, freshness } of jobs) {
    const found = records.get(name);
    if (found === undefined) {
      records.set(name, { ...NOTHING_YET, since: freshness && at.isEmpty ? 0 : at.now });
    } else if (!at.catchUp || !catchUp) {
      records.set(name, { ...found, since: at.now, unfinished: false });
    }
  }
  return records;
}

/** @throws Error if the job was not among those whose records were read */
export function recordOf(records: Records, job: string): JobRecord {
  const record = records.get(job);
  if (record === undefined) throw new Error(`nothing is noted of the job ${job}`);
  return record;
}

/** Of a job that has never run. */
export const NOTHING_YET = {
  unfinished: false,
  repeats: 0,
  exit: null,
  verdict: null,
  endedAt: null,
  succeededAt: null,
};

/** @throws AuditlakeError (exit 2) if the home cannot be written */
export async function writeRecords(home: string, records: Records): Promise<void> {
  const jobs = [...records].map(([name, { since, endedAt, succeededAt, ...rest }]) => [
    name,
    {
      since: isoOrNull(since),
      ...rest,
      endedAt: isoOrNull(endedAt),
      succeededAt: isoOrNull(succeededAt),
    },
  ]);
  const text = JSON.stringify({ version: 1, jobs: Object.fromEntries(jobs) }, null, 2);
  try {
    await makeFolder(home);
    await writeDurably(fileIn(home), `${text}\n`);
  } catch (error) {
    throw usageError(
      `the home ${home} cannot be written: ${messageOf(error)}`,
      'name a folder that this user may write, with --home or AUDITLAKE_HOME',
    );
  }
}

async function readNoted(
  file: string,
  onTrouble: (text: string) => void,
): Promise<z.infer<typeof document>['jobs']> {
  try {
    return document.parse(JSON.parse((await readPlain(file, LARGEST)).toString('utf8'))).jobs;
  } catch (error) {
    // It says when jobs ran, nothing else: a damaged one costs a start at worst.
    if (!isAbsent(error)) {
      onTrouble(`${file} cannot be read and is made anew: what was missed is not caught up`);
    }
    return {};
  }
}

function fileIn(home: string): string {
  return join(home, 'schedule.json');
}
