/** The document of `sync` and `backfill`, and as `against_source` of `verify`. */
import { z } from 'zod';
import {
  count,
  diagnosis,
  errorNote,
  head,
  instant,
  lake,
  outcome,
  parts,
  quirk,
  sink,
  streamOutcome,
  version,
  warehouse,
  window,
} from './common.ts';

const comparedDay = z.object({
  day: z.iso.date(),
  state: z.enum(['complete', 'missing', 'unread']),
  archived: count.describe('Events that the archive had.'),
  vendor: count.nullable().describe('The vendor’s own count; a hint.'),
  served: count.nullable().describe('What it listed, where the day was read again.'),
  new_records: count,
  note: z.string().nullable(),
});

const stream = z.object({
  source: z.string(),
  stream: z.string(),
  outcome: streamOutcome.describe(
    '`unavailable`: it never worked here and is not required, so that it is no failure.',
  ),
  requests: count,
  pages: count,
  records: count.describe('Received: those that were new, changed, known or pruned.'),
  new_records: count,
  changed_records: count,
  known_records: count,
  absent_records: count.describe('Archived, and no longer served.'),
  pruned_records: count
    .optional()
    .describe('Served again after they were pruned, and kept out; only if there are any.'),
  window: window.nullable(),
  watermark: instant.nullable().describe('Everything before it has been read.'),
  error: errorNote.optional(),
  parts: parts.optional(),
  checked: z.array(comparedDay).optional().describe('Of a comparison with the vendor: its days.'),
});

export const runDocument = z.object({
  version,
  run_id: z.string(),
  outcome,
  started_at: instant,
  finished_at: instant,
  streams: z.array(stream),
  sinks: z.array(sink),
  quirks: z.array(quirk),
  diagnosis,
  head: head.nullable(),
  warehouse,
  lake: lake.nullable().describe('Null where the configuration wants none.'),
});

export type RunDocument = z.infer<typeof runDocument>;
export type StreamDocument = RunDocument['streams'][number];
