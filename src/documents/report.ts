import { z } from 'zod';
import { count, head, outcome, version, window } from './common.ts';

/** Of `report`. */
export const reportDocument = z.object({
  version,
  outcome,
  file: z.string().describe('Where the page was written.'),
  bytes: count.describe('Its size.'),
  period: window,
  verdict: z.string().describe('As `status` has it: `complete` if nobody has to do anything.'),
  cited: count.describe('Events that the page names.'),
  head: head.nullable(),
  evidence: z
    .object({
      proofs: count.describe('Files that prove the events: one for all of a batch.'),
      files: count.describe('Files that the manifest names.'),
      key: z
        .string()
        .nullable()
        .describe('The public key that signed the manifest, in hex; null if nobody signed it.'),
    })
    .optional()
    .describe('With `--evidence`.'),
});

export type ReportDocument = z.infer<typeof reportDocument>;
