/**
 * What a start needs to know about all earlier lines of the ledger. A segment opens with it and every line updates it, so that
 * opening an archive reads the last segment only.
 */
import { z } from 'zod';

export const SEQ = z.int().nonnegative();
export const TIME = z.iso.datetime();
export const COUNT = z.int().nonnegative();

/** From the first to the last seq, both included. */
export const SEQ_RANGE = z.tuple([SEQ, SEQ]);

/**
 * A field that is typed but not checked: an archive is not broken because it is missing, or because a later program of the same
 * format gave it a new value.
 */
export const unchecked = <T>(): z.ZodType<T> => z.custom<T>();

/** As the type of that name in model.ts has it. */
export const CURSOR = z.object({
  watermark: z.number().nullable(),
  window: z
    .object({
      from: z.number(),
      to: z.number(),
      place: z.number(),
      part: unchecked<string | null>(),
    })
    .nullable(),
  base: SEQ.nullable(),
  judged: z
    .record(z.string(), z.object({ rule: z.string(), seq: SEQ, since: z.number() }))
    .optional(),
});

/** How many records of a stream are archived, and the times of its oldest and newest event. */
const STREAM_TOTALS = z.object({
  records: COUNT,
  min_time: z.string().nullable(),
  max_time: z.string().nullable(),
});

/** What the vendor still served of a stream when last asked: the time of its oldest event, null if it did not say. */
const RETENTION = z.object({ oldest_served: unchecked<string | null>(), measured_at: TIME });

/** The fields of a segment's first line that sum up the segments before it. */
export const carried = {
  home: z.string(),
  cursors: z.record(z.string(), CURSOR),
  organizations: z.record(z.string(), z.string()),
  totals: z.record(z.string(), STREAM_TOTALS),
  /** The batches removed on purpose, and the seq of the line that removed the last of them. */
  pruned: z.object({
    seqs: z.array(SEQ_RANGE),
    at: SEQ,
    /** Per stream of which something is kept out: the first line that says so, and the time of the newest of it. */
    kept_out: z.record(z.string(), z.object({ at: SEQ, to: TIME.nullable() })).optional(),
  }),
  /** Per stream the day up to which it was compared with the vendor. */
  checked: z.record(z.string(), z.string()),
  retention: z.record(z.string(), RETENTION),
};

const CARRIED = z.object(carried);

export type Carried = z.infer<typeof CARRIED>;

/** Its fields by name. */
export const CARRIED_FIELDS = CARRIED.keyof().options;
export type SeqRange = z.infer<typeof SEQ_RANGE>;
export type StreamTotals = z.infer<typeof STREAM_TOTALS>;

/** The name of a stream in `cursors`, `totals` and the like. */
export function streamKey(source: string, stream: string): string {
  return `${source}/${stream}`;
}
