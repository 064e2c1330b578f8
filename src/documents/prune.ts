import { z } from 'zod';
import { count, instant, outcome, seq, version } from './common.ts';

export const pruneDocument = z.object({
  version,
  outcome: z
    .enum(['previewed', ...outcome.options])
    .describe('`previewed`: without `--yes` nothing was removed.'),
  asked: z
    .object({ before: instant.optional(), event: z.string().optional() })
    .describe('What it was asked for by: the age of the events, or one event.'),
  reason: z.string().describe('Why, in the words of who asked for it. It stands in the ledger.'),
  batches: count,
  records: count.describe('As the line of the ledger counts them.'),
  seqs: z.array(z.tuple([seq, seq])).describe('From the first to the last, both included.'),
  streams: z
    .array(
      z.object({
        source: z.string(),
        stream: z.string(),
        batches: count,
        records: count,
        from: instant.nullable().describe('Of the oldest record; null if none has a time.'),
        to: instant.nullable().describe('Of the newest.'),
      }),
    )
    .describe('What it is of.'),
});

/** Of `prune --lake`. */
export const pruneLakeDocument = z.object({
  version,
  outcome,
  lake: z.object({
    keeps_from: z.iso.date(),
    retention_seconds: count.describe('`lake.retention`, because of which days are removed.'),
    files: count,
    removed: count,
    removed_rows: count.describe('In files of days before `keeps_from`. The warehouse keeps them.'),
    removed_from: z.iso
      .date()
      .nullable()
      .describe('The first of those days; null if there were none.'),
    removed_to: z.iso.date().nullable().describe('The last of them, itself one.'),
  }),
});

export type PruneDocument = z.infer<typeof pruneDocument>;
export type PruneLakeDocument = z.infer<typeof pruneLakeDocument>;
