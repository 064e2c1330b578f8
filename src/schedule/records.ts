import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder, writeDurably } from '../platform/durable.ts';
import { messageOf, usageError } from '../errors.ts';
import type { Millis } from '../model.ts';
import { JOB_NAMES, type JobName } from './jobs.ts';
import type { JobRecord } from './next-start.ts';

export type Records = Record<JobName, JobRecord>;

const instant = z.iso.datetime().transform((text) => Date.parse(text));
const record = z.object({
  since: instant,
  unfinished: z.boolean(),
  repeats: z.int(),
  exit: z.int().nullable(),
  endedAt: instant.nullable(),
  succeededAt: instant.nullable(),
});
const document = z.object({
  version: z.literal(1),
  jobs: z.partialRecord(z.enum(JOB_NAMES), record),
});

/**
 * What was noted of the jobs. A job without a record has missed nothing: its times count from now on. Only the first
 * sync of an empty home is due as soon as there is a schedule.
 */
export async function readRecords(
  home: string,
  at: { now: Millis; isEmpty: boolean; catchUp: boolean },
  onTrouble: (text: string) => void,
): Promise<Records> {
  const known = await readKnown(fileIn(home), onTrouble);
  const entries = JOB_NAMES.map((name): [JobName, JobRecord] => {
    const found = known[name];
    if (found === undefined) {
      const since = name === 'nightly' && at.isEmpty ? 0 : at.now;
      return [name, { ...NOTHING_YET, since }];
    }
    return [name, at.catchUp ? found : { ...found, since: at.now, unfinished: false }];
  });
  return Object.fromEntries(entries) as Records;
}

const NOTHING_YET = {
  unfinished: false,
  repeats: 0,
  exit: null,
  endedAt: null,
  succeededAt: null,
};

/** @throws AuditlakeError (exit 2) if the home cannot be written */
export async function writeRecords(home: string, records: Records): Promise<void> {
  const jobs = Object.entries(records).map(([name, { since, endedAt, succeededAt, ...rest }]) => [
    name,
    { since: iso(since), ...rest, endedAt: iso(endedAt), succeededAt: iso(succeededAt) },
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

async function readKnown(
  file: string,
  onTrouble: (text: string) => void,
): Promise<z.infer<typeof document>['jobs']> {
  try {
    return document.parse(JSON.parse(await readFile(file, 'utf8'))).jobs;
  } catch (error) {
    // It says when jobs ran, nothing else: a damaged one costs a start at worst.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      onTrouble(`${file} cannot be read and is made anew: what was missed is not caught up`);
    }
    return {};
  }
}

function fileIn(home: string): string {
  return join(home, 'schedule.json');
}

function iso(at: Millis | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
