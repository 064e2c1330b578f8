import { z } from 'zod';
import { count, outcome, seq, version } from './common.ts';

export const pruneDocument = z.object({
  version,
  outcome: z
    .enum(['previewed', ...outcome.options])
    .describe('`previewed`: without `--yes` nothing was removed.'),
  batches: count,
  records: count,
  seqs: z.array(z.tuple([seq, seq])).describe('From the first to the last, both included.'),
});

/** Of `prune --lake`. */
export const pruneLakeDocument = z.object({
  version,
  outcome,
  lake: z.object({ keeps_from: z.iso.date(), files: count, removed: count }),
});

export type PruneDocument = z.infer<typeof pruneDocument>;
export type PruneLakeDocument = z.infer<typeof pruneLakeDocument>;
