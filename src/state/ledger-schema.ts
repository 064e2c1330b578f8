/**
 * The lines of the ledger, kind by kind; docs/archive-format.md describes every field.
 *
 * A line's hash shows that it is as it was written, not who wrote it: anyone who can write to the ledger can seal nonsense. So
 * every field that a decision depends on is checked before the line is used, and unknown fields are ignored.
 */
import { z } from 'zod';
import type { Outcome, PartsResult, StreamError } from '../model.ts';
import { carried, COUNT, CURSOR, SEQ, SEQ_RANGE, TIME, unchecked } from './carried.ts';
import { FORMAT } from './format.ts';
import { HEX_32 as SHA256 } from './head.ts';

/** A path inside the archive and nowhere else: `acme/audit-logs/2026/03/01/000000000002.ndjson.gz`. */
export const BATCH_FILE =
  /^[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9-]*\/\d{4,6}\/\d\d\/\d\d\/\d{12,}\.ndjson\.gz$/;

/** A day as compared with the vendor. */
export type ComparedDay = {
  day: string;
  state: 'complete' | 'missing' | 'unread';
  archived: number;
  /** The vendor's own count, which is a hint; null if it gives none. */
  vendor: number | null;
  /** What the vendor listed when the day was read again; null where the counts agreed and nothing was read. */
  served: number | null;
  new_records: number;
  note: string | null;
};

/** What a crash left behind and a later run moved to `set-aside/`. */
export type Recovered = { what: string; kept_as: string; bytes: number };

const common = {
  format: z.int().positive(),
  seq: SEQ,
  at: TIME,
  recovered: unchecked<Recovered[] | undefined>().optional(),
};

/**
 * On every line but a batch's: the root of the hash tree over the lines since the previous line that has it, that one included. A
 * few hashes then tie a batch to the next signed line, and signed lines to each other. Null on the first line.
 */
const covers = { covers: SHA256.nullable() };

/** Opens a month's segment. */
const OPEN = z.object({
  ...common,
  ...covers,
  ...carried,
  kind: z.literal('open'),
  segment: z.string(),
  previous: z.object({ file: z.string(), sha256: SHA256, seq: SEQ }).nullable(),
});

/** Commits one batch file and the cursor that goes with it. */
const BATCH = z.object({
  ...common,
  kind: z.literal('batch'),
  run_id: unchecked<string>(),
  source: z.string(),
  vendor: z.string(),
  stream: z.string(),
  stream_kind: z.enum(['log', 'changes', 'snapshot', 'series']),
  organization_id: z.string(),
  file: z.string().regex(BATCH_FILE),
  file_sha256: SHA256,
  file_bytes: COUNT,
  /** The root of the hash tree over the batch's lines. */
  lines_root: SHA256,
  size: COUNT,
  longest_line: COUNT,
  pages: unchecked<number>(),
  /** Received, known ones included. */
  records: unchecked<number>(),
  /** In the file. */
  stored_records: COUNT,
  new_records: COUNT,
  changed_records: COUNT,
  absent_records: COUNT,
  untimed_records: COUNT,
  min_time: z.string().nullable(),
  max_time: z.string().nullable(),
  cursor: CURSOR,
});

/** What a run is for that asks a vendor. `backfill` and `reconcile` read old windows and move no cursor. */
export type Job = 'sync' | 'backfill' | 'reconcile';

/** What a run is for that asks none: it judges what is archived, or notes that a person closed a finding. */
export type OwnJob = 'detect' | 'close';

/** Version 0.1 called a reconcile `check`. */
export function jobOf({ job }: { job: Job | OwnJob | 'check' }): Job | OwnJob {
  return job === 'check' ? 'reconcile' : job;
}

/** Closes a run: what it did with each stream, and the cursors of streams that had nothing new. */
const RUN = z.object({
  ...common,
  ...covers,
  kind: z.literal('run'),
  job: unchecked<Job | OwnJob>(),
  run_id: z.string(),
  started_at: unchecked<string>(),
  finished_at: unchecked<string>(),
  outcome: unchecked<'complete' | 'incomplete' | 'failed'>(),
  streams: z.array(
    z.looseObject({
      source: z.string(),
      stream: z.string(),
      outcome: unchecked<Outcome | undefined>().optional(),
      error: unchecked<StreamError | undefined>().optional(),
      /** The parts that ended without their records, if any. */
      parts: unchecked<PartsResult | undefined>().optional(),
      organization_id: z.string().optional(),
      cursor: CURSOR.optional(),
      /** If the run asked for it. */
      oldest_served: z.string().nullable().optional(),
      /** Of a reconcile: the days compared with the vendor, and the last of them, after which the next one continues. */
      checked: unchecked<ComparedDay[] | undefined>().optional(),
      checked_up_to: z.string().optional(),
    }),
  ),
  /** SHA-256 of the note about the last verification, if there was one. */
  verified: z.string().optional(),
  /** Where the vendors' servers differ from their documents. */
  quirks: unchecked<{ source: string; code: string; what: string }[] | undefined>().optional(),
});

/** Records that batches were removed on purpose: their files are deleted, their lines stay. */
const PRUNE = z.object({
  ...common,
  ...covers,
  kind: z.literal('prune'),
  reason: z.string(),
  seqs: z.array(SEQ_RANGE),
  batches: unchecked<number>(),
  records: unchecked<number>(),
  /** Per stream digests of what was pruned and may be served again, and when the newest of it happened. */
  kept_out: z
    .record(z.string(), z.object({ to: TIME.nullable(), keys: z.array(z.string()) }))
    .optional(),
});

export type KeptOut = NonNullable<z.infer<typeof PRUNE>['kept_out']>;

/** What was delivered to a sink since the last such line. */
const DELIVERY = z.object({
  ...common,
  ...covers,
  kind: z.literal('delivery'),
  sink: z.string(),
  table: z.string(),
  from_seq: unchecked<number>(),
  to_seq: unchecked<number>(),
  rows: unchecked<number>(),
  set_aside: z.array(
    z.object({ uid: z.string(), seq: SEQ, n: z.number(), reason: unchecked<string>() }),
  ),
});

export type OpenLine = z.infer<typeof OPEN>;
export type BatchLine = z.infer<typeof BATCH>;
export type RunLine = z.infer<typeof RUN>;
/** The line of a run that asked vendors. */
export type ReadingLine = RunLine & { job: Job };
type DeliveryLine = z.infer<typeof DELIVERY>;
export type PruneLine = z.infer<typeof PRUNE>;
export type LedgerLine = OpenLine | BatchLine | RunLine | PruneLine | DeliveryLine;

type Unnumbered<T> = T extends unknown
  ? Omit<T, 'format' | 'seq' | 'at' | 'recovered' | 'covers'>
  : never;

/** Names one line of one ledger. */
export type LineRef = { seq: number; sha256: string };

/** A line's content before the ledger gives it a number and a time. */
export type LedgerEntry = Unnumbered<LedgerLine>;
export type RunEntry = Unnumbered<RunLine>;
export type DeliveryEntry = Unnumbered<DeliveryLine>;

const prev = { prev: SHA256 };
const LINE = z.discriminatedUnion('kind', [
  OPEN.extend(prev),
  BATCH.extend(prev),
  RUN.extend(prev),
  PRUNE.extend(prev),
  DELIVERY.extend(prev),
]);

/** Made once: a schema is compiled, which takes longer than what it is asked about a line. */
const FORMATTED = z.object({ format: common.format });

/** What is wrong with the shape of a line, worded to follow "the line"; null if nothing is. A newer format may have any shape. */
export function shapeFault(line: unknown): string | null {
  const head = FORMATTED.safeParse(line);
  if (head.success && head.data.format > FORMAT) return null;
  const read = LINE.safeParse(line);
  if (read.success) return null;
  const [issue] = read.error.issues;
  return `does not have the shape of a ledger line: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
}
