import { z } from 'zod';
import {
  count,
  diagnosis,
  errorNote,
  exitCode,
  instant,
  openFindings,
  outcome,
  parts,
  quirk,
  seq,
  streamOutcome,
  version,
} from './common.ts';

const stream = z.object({
  stream: z.string().describe('`source/stream`.'),
  kind: z.enum(['log', 'changes', 'snapshot', 'series']).nullable().optional(),
  watermark: instant.nullable(),
  read_up_to: instant
    .nullable()
    .optional()
    .describe('Up to when the archive has what the vendor had, however long its periods are.'),
  ended: z
    .boolean()
    .optional()
    .describe('The vendor has ended it: it was read once and is never read again.'),
  open_window: z
    .object({
      from: instant,
      to: instant,
      read_up_to: instant,
      part: z
        .string()
        .nullable()
        .describe('Of a series: the last team, user or day that was read.'),
    })
    .nullable()
    .describe('What a run left unfinished.'),
  records: count,
  newest_event: z.string().nullable(),
  retention: z
    .object({
      oldest_served: instant,
      measured_at: instant,
      kept_seconds: count
        .nullable()
        .describe('Null as long as it is unknown: the vendor still has all that is archived.'),
    })
    .nullable()
    .describe('What the vendor keeps of it, as it was measured last.'),
  vendor_keeps_seconds: count
    .nullable()
    .describe('For how long the vendor says that it keeps it; null where it does not say.'),
  last_outcome: streamOutcome.nullable(),
  last_error: errorNote.partial().nullable(),
  last_parts: parts.optional(),
});

const sink = z.object({
  sink: z.string(),
  tables: z.array(
    z.object({
      table: z.string(),
      seq,
      lag: count,
      lag_rows: count.nullable().describe('Null for files, which are not counted.'),
    }),
  ),
  last: z.object({ at: z.string(), outcome, error: errorNote.nullable() }).nullable(),
});

const coveredDays = z.object({
  source: z.string(),
  stream: z.string(),
  from: z.iso.date(),
  to: z.iso.date().describe('Itself part of it.'),
  days: count,
  state: z
    .enum(['complete', 'provisional', 'gap', 'unknown'])
    .describe('`unknown`: asked for, and before the first day of the stream.'),
  reason: z.string(),
  note: z.string().nullable(),
});

/** Days: not read, purged before they were read, missing at a check. Streams: about to lose events, too far behind, and without a vendor's report. */
export const ALARM_KINDS = [
  'unread',
  'lost',
  'missing',
  'retention',
  'freshness',
  'awaited',
] as const;

const alarm = z.object({
  source: z.string(),
  stream: z.string(),
  what: z.string(),
  kind: z.enum(ALARM_KINDS),
  hint: z.string(),
  exit: exitCode.describe('The exit code that `status --coverage` gives for it.'),
});

const run = z.object({
  job: z.enum(['sync', 'backfill', 'reconcile']),
  run_id: z.string(),
  outcome,
  exit: exitCode.describe('Of what was read; what came after it is in `sinks` and `warehouse`.'),
  verdict: z.string().describe('Who had to do what, and why; `complete` if nobody.'),
  started_at: instant,
  finished_at: instant,
  streams: z
    .array(z.looseObject({ source: z.string(), stream: z.string() }))
    .describe('As the ledger has them.'),
  quirks: z.array(quirk),
});

export const statusDocument = z.object({
  version,
  diagnosis,
  running: z
    .object({
      started_at: instant,
      pid: z.int(),
      host: z.string(),
      state: z.enum(['at work', 'cut short', 'unknown']),
    })
    .nullable()
    .describe('The run that has not ended; `unknown` where it is of another host.'),
  streams: z.array(stream),
  warehouse: z.object({ seq, archive_seq: seq }).nullable(),
  sinks: z.array(sink),
  anomalies: z.array(z.object({ kind: z.string(), count })),
  findings: openFindings,
  unknown_actions: z.array(z.object({ vendor: z.string(), action: z.string(), count })),
  coverage: z.array(coveredDays).optional().describe('With `--coverage`.'),
  alarms: z.array(alarm),
  runs: z.array(run).describe('The last ones, the newest last.'),
});

export type StatusDocument = z.infer<typeof statusDocument>;
export type StreamStatus = StatusDocument['streams'][number];
export type SinkStatus = StatusDocument['sinks'][number];
