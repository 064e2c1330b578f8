import { z } from 'zod';
import { HEX_32 as SHA256 } from './head.ts';

/*
 * What must hold of a line before anything is done with it. A line's hash says that it is as it was written, not who wrote it:
 * whoever can write into the ledger can seal nonsense. Fields that nothing depends on are not looked at.
 */

const SEQ = z.int().nonnegative();
const TIME = z.iso.datetime();
const SEQ_RANGE = z.tuple([SEQ, SEQ]);
const COUNT = z.int().nonnegative();

/** Below the archive and nowhere else: `tabnine/audit-logs/2026/03/01/000000000002.ndjson.gz`. */
const BATCH_FILE = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9-]*\/\d{4,6}\/\d\d\/\d\d\/\d{12,}\.ndjson\.gz$/);

const CURSOR = z.looseObject({
  watermark: z.number().nullable(),
  window: z.looseObject({ from: z.number(), to: z.number(), place: z.number() }).nullable(),
  base: SEQ.nullable(),
});

const common = {
  format: z.int().positive(),
  seq: SEQ,
  at: TIME,
  prev: SHA256,
};
const covers = { covers: SHA256.nullable() };

const OPEN = z.looseObject({
  ...common,
  ...covers,
  kind: z.literal('open'),
  home: z.string(),
  segment: z.string(),
  previous: z.looseObject({ file: z.string(), sha256: SHA256, seq: SEQ }).nullable(),
  cursors: z.record(z.string(), CURSOR),
  organizations: z.record(z.string(), z.string()),
  totals: z.record(
    z.string(),
    z.looseObject({
      records: COUNT,
      min_time: z.string().nullable(),
      max_time: z.string().nullable(),
    }),
  ),
  pruned: z.looseObject({ seqs: z.array(SEQ_RANGE), at: SEQ }),
  checked: z.record(z.string(), z.string()),
  retention: z.record(z.string(), z.looseObject({ measured_at: TIME })),
});

const BATCH = z.looseObject({
  ...common,
  kind: z.literal('batch'),
  source: z.string(),
  vendor: z.string(),
  stream: z.string(),
  stream_kind: z.enum(['log', 'changes', 'snapshot', 'series']),
  organization_id: z.string(),
  file: BATCH_FILE,
  file_sha256: SHA256,
  file_bytes: COUNT,
  lines_root: SHA256,
  size: COUNT,
  longest_line: COUNT,
  stored_records: COUNT,
  new_records: COUNT,
  changed_records: COUNT,
  absent_records: COUNT,
  untimed_records: COUNT,
  min_time: z.string().nullable(),
  max_time: z.string().nullable(),
  cursor: CURSOR,
});

const RUN = z.looseObject({
  ...common,
  ...covers,
  kind: z.literal('run'),
  run_id: z.string(),
  outcome: z.string(),
  streams: z.array(
    z.looseObject({ source: z.string(), stream: z.string(), cursor: CURSOR.optional() }),
  ),
});

const PRUNE = z.looseObject({
  ...common,
  ...covers,
  kind: z.literal('prune'),
  reason: z.string(),
  seqs: z.array(SEQ_RANGE),
});

const DELIVERY = z.looseObject({
  ...common,
  ...covers,
  kind: z.literal('delivery'),
  sink: z.string(),
  table: z.string(),
  set_aside: z.array(z.looseObject({ uid: z.string(), seq: SEQ, n: z.number() })),
});

const LINE = z.discriminatedUnion('kind', [OPEN, BATCH, RUN, PRUNE, DELIVERY]);

/** What is wrong with the shape of a line; null if nothing is. A line of a newer format may have any. */
export function shapeFault(line: unknown, format: number): string | null {
  const head = z.looseObject({ format: z.int().positive() }).safeParse(line);
  if (head.success && head.data.format > format) return null;
  const read = LINE.safeParse(line);
  if (read.success) return null;
  const [issue] = read.error.issues;
  return `has not the shape of a ledger line: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
}
