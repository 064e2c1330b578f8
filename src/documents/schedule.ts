import { z } from 'zod';
import { instant, version } from './common.ts';

/** A line of `schedule --json`: one job that ended. */
export const scheduleDocument = z.object({
  version,
  job: z.string(),
  exit: z.int(),
  started_at: instant,
  finished_at: instant,
  report: z.json().describe('The document of the command that was run; null if it left none.'),
});

export type ScheduleDocument = z.infer<typeof scheduleDocument>;
