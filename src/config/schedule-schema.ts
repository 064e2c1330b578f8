import { z } from 'zod';
import { type Job, JOBS } from '../schedule/jobs.ts';
import { durationText } from '../settings/options.ts';

/** What `auditlake schedule` runs, as the file has it. Cron lines and addresses are judged when they are read. */
export const scheduleSchema = z.strictObject({
  timezone: z.string().describe('The time zone of the cron lines, an IANA name.').prefault('UTC'),
  ...Object.fromEntries(JOBS.map((job) => [job.name, lineOf(job)])),
  jitter: durationText(
    'Each job starts up to this much later than its line says, at random; at most `1h`.',
  ).prefault('10m'),
  catchUp: z
    .boolean()
    .describe('Make up for times that were missed while the scheduler was down.')
    .prefault(true),
  listen: z
    .union([z.literal(false), z.string()])
    .describe(
      'The address of `/metrics` and health; port 0 is any free one, and the log says which. `false` for none.',
    )
    .prefault('0.0.0.0:9464'),
});

function lineOf({ title, cron, run }: Job) {
  return z
    .union([z.literal(false), z.string()])
    .describe(`Cron line of \`${run.join(' ')}\`, \`false\` for never: this job ${title}.`)
    .prefault(cron);
}
