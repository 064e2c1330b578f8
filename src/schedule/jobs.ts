import { readdirSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Millis } from '../model.ts';
import { durationOption } from '../settings/options.ts';
import { cronFault } from './cron-fault.ts';

/** One scheduled command, as its file in `jobs/` declares it. The name is that of the file, and the key of its cron line in the configuration. */
export type Job = {
  name: string;
  /** What it does, as the end of "this job …". */
  title: string;
  /** The arguments of `auditlake`, as a person would type them. */
  run: readonly string[];
  /** When it runs unless the configuration says otherwise; false: not at all. */
  cron: string | false;
  /** Whether a time that was missed while the scheduler was down is made up for. */
  catchUp: boolean;
  repeat: {
    /** The exit codes after which it is started again. */
    after: readonly number[];
    /** How long after its end. */
    delay: Millis;
    /** How often at most, until its next regular time. */
    times: number;
    /** What is run instead once every vendor was read, so that only receivers lack something. */
    onceRead?: readonly string[] | undefined;
  };
  /** Whether this job keeps the home fresh: an empty home starts with it, and health watches when it last succeeded. */
  freshness: boolean;
};

const FOLDER = new URL('../../jobs/', import.meta.url);

const words = z.array(z.string().min(1, 'is empty')).min(1, 'is empty');
const cron = z.union([z.literal(false), z.string()]).superRefine((line, context) => {
  const fault = line === false ? null : cronFault(line);
  if (fault === null) return;
  const fields = fault === '' ? '' : `: ${fault}`;
  context.addIssue({ code: 'custom', message: `is not a cron line${fields}` });
});
const schema = z.strictObject({
  title: z.string().min(1, 'is empty'),
  run: words,
  cron,
  catchUp: z.boolean(),
  repeat: z.strictObject({
    // Repeating what ended well would never end.
    after: z.array(z.int().min(1, 'is not the exit code of a failure').max(255)),
    delay: durationOption('How long after its end.'),
    times: z.int().min(0).max(100),
    onceRead: words.optional(),
  }),
  freshness: z.boolean().default(false),
});

/**
 * The jobs that a folder declares, one YAML file each, in the order of their names, which is also the order in which jobs due
 * at the same time run.
 *
 * @throws Error that names file and key, if one of them is not a job
 */
export function readJobs(folder: URL): Job[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  if (files.length === 0) throw new Error(`${folder.pathname} has no job (*.yaml)`);
  return files.toSorted().map((file) => readJob(new URL(file, folder)));
}

function readJob(file: URL): Job {
  const name = /([^/]+)\.yaml$/.exec(file.pathname)?.[1] ?? '';
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [fault] = document.errors;
  if (fault !== undefined) throw new Error(`jobs/${name}.yaml: ${fault.message}`);
  const { data, error } = schema.safeParse(document.toJS());
  if (data !== undefined) return { name, ...data };
  const [issue] = error.issues;
  const key = issue?.path.join('.') || 'the file';
  throw new Error(`jobs/${name}.yaml: ${key}: ${issue?.message ?? 'is refused'}`);
}

/** The jobs that come with auditlake. Their folder lies above `dist` as well as above `src`. */
export const JOBS: readonly Job[] = readJobs(FOLDER);

/** @throws Error if there is no such job */
export function jobNamed(name: string): Job {
  const job = JOBS.find((each) => each.name === name);
  if (job === undefined) throw new Error(`there is no job ${name} in jobs/`);
  return job;
}
