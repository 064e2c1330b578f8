import { z } from 'zod';
import { count, exitCode, outcome, seq, version } from './common.ts';
import { runDocument } from './run.ts';

const fault = z.object({
  file: z.string().describe('Relative to the folder of the archive.'),
  line: count.nullable().describe('Of a ledger segment, from 1.'),
  seq: seq.nullable(),
  what: z.string(),
  committed_at: z.string().nullable(),
  changed_at: z
    .string()
    .nullable()
    .describe('Of the file system: a hint, since whoever alters a file may alter that.'),
});

const signatures = z.object({
  lines: count,
  from_seq: seq.nullable(),
  up_to_seq: seq.nullable(),
  trusted: z.boolean().describe('Whether the keys are known, not only those the lines name.'),
});

const difference = z.object({
  table: z.string(),
  source: z.string().nullable(),
  stream: z.string().nullable(),
  day: z.string().nullable(),
  only_in_warehouse: count,
  only_in_archive: count,
  rows: z.array(z.record(z.string(), z.json())).describe('Some of them.'),
});

export const verifyDocument = z.object({
  version,
  outcome,
  faults: z.array(fault).describe('Of the archive: what was altered, removed or put there.'),
  unfinished: z
    .array(fault)
    .describe('Of the archive: what a crash or a full disk left. The next run mends it.'),
  home: z.string().nullable(),
  segments: count,
  ledgerLines: count,
  batches: count,
  pruned: count,
  records: count,
  seq,
  signatures,
  since: z
    .object({
      seq: seq.describe('Up to it the content of the batches was not looked at again.'),
      full_at: z.string().describe('When all of it was verified last.'),
    })
    .nullable()
    .describe('With `--since-last`, if there was a verification to go on from.'),
  warehouse: z.object({
    state: z.enum(['equal', 'as-published', 'different', 'absent', 'stale', 'unreadable']),
    what: z.string(),
  }),
  differences: z.array(difference),
  lake: z.object({
    files: count,
    faults: z.array(z.object({ file: z.string(), what: z.string() })),
    unfinished: z
      .array(z.object({ file: z.string(), what: z.string() }))
      .describe('What a killed run left. The next one mends it.'),
    behind: seq.nullable().describe('The seq it is at, where that is not the warehouse’s.'),
  }),
  mirror: z
    .object({
      sink: z.string(),
      files: count.describe('How many were compared.'),
      faults: z.array(z.object({ file: z.string(), what: z.string() })),
      seq: seq.describe('Of the last line of the ledger that the copy has.'),
      behind: z.boolean().describe('Whether it lacks more than the line about its own delivery.'),
    })
    .nullable()
    .describe('With `--mirror`, if the home is whole.'),
  exit: exitCode.describe('Without the comparison with the vendor.'),
  against_source: runDocument
    .nullable()
    .describe('With `--against-source`, if the archive is whole.'),
});

export type VerifyDocument = z.infer<typeof verifyDocument>;
