/** What several documents share. Keys are only ever added: whoever reads one has to pass over those that it does not know. */
import { z } from 'zod';
import { SEVERITIES } from '../model.ts';

export const version = z
  .literal(1)
  .describe('Of the shape: a key that changes its meaning gets a new one.');
export const count = z.int().nonnegative();
export const instant = z.iso.datetime().describe('ISO 8601 in UTC.');
export const seq = z.int().nonnegative().describe('Number of a line of the ledger.');

export const exitCode = z.literal([0, 1, 2, 3, 4, 5, 75]);

export const outcome = z.enum(['complete', 'incomplete', 'failed']);
export const streamOutcome = z.enum([...outcome.options, 'unavailable']);

export const errorNote = z.object({
  code: z.string().describe('A word for programs; stable.'),
  message: z.string().describe('What was attempted on what, and what came of it.'),
  hint: z.string().describe('What to do about it.'),
  exit: z.int().optional().describe('The exit code that it stands for; 0 where it is no failure.'),
});

export const diagnosis = z
  .object({
    verdict: z
      .string()
      .describe('One sentence: who has to do what, and why. `complete` if nobody.'),
    causes: z.array(
      z.object({
        subject: z.string().describe('The source or sink; or `warehouse`, `lake` or `run`.'),
        streams: z.array(z.string()).describe('The streams that ended for this reason.'),
        ...errorNote.shape,
        exit: exitCode,
      }),
    ),
  })
  .describe('What is wrong, each cause once, the worst first.');

export const window = z
  .object({ from: instant, to: instant })
  .describe('Half-open: `to` is not part of it.');

export const head = z
  .object({
    home: z.string(),
    seq,
    at: instant,
    sha256: z.string(),
    key: z.string().optional().describe('The public key that signed it, in hex.'),
    signature: z.string().optional().describe('Ed25519, in hex.'),
  })
  .describe(
    'Names the last line of the ledger. Kept elsewhere, it shows later that nothing was cut off.',
  );

const derived = {
  outcome,
  ms: count.describe('How long the run had to wait for it.'),
  error: z.string().optional(),
  hint: z.string().optional().describe('What to do about it.'),
};

export const warehouse = z.object({
  rows: count.describe('Rows that were loaded.'),
  seq: seq.nullable().describe('Null where there was nothing new.'),
  ...derived,
});

export const lake = z.object({
  files: count.describe('Files that were written.'),
  rows: count,
  seq: seq.nullable().describe('Null where there was nothing new.'),
  removed: count.optional(),
  ...derived,
});

export const sink = z.object({
  sink: z.string(),
  outcome,
  error: errorNote.optional(),
  rows: count.describe('Delivered now; of a mirror, files.'),
  unwanted: count
    .optional()
    .describe('Rows that its options leave out, such as findings below `atLeast`.'),
  seq: seq.describe('Up to which the sink has everything.'),
  lag: count.describe('Lines of the ledger that it still lacks.'),
  set_aside: count.describe('Rows that it refused for good: they are in the table `anomalies`.'),
});

export const severity = z.enum(SEVERITIES);

export const openFindings = z
  .object({ low: count, medium: count, high: count, critical: count })
  .describe('Findings that are open now, by severity.');

export const parts = z
  .object({
    unavailable: count.describe('Refused or not configured: what they have is not known.'),
    gone: count.describe('Deleted at the vendor.'),
    awaited: count
      .optional()
      .describe('Periods that the vendor has yet to report on; every run asks for them again.'),
    reasons: z.array(
      z.object({
        ended: z.enum(['unavailable', 'gone', 'awaited']),
        parts: count.describe('How many ended with this code.'),
        first: z.string().describe('The first of them, whose words these are.'),
        ...errorNote.shape,
      }),
    ),
  })
  .describe('Teams, users or days that ended without their records; the others were read.');

export const quirk = z
  .object({ source: z.string(), code: z.string(), what: z.string() })
  .describe('Where the vendor differs from its documents, as far as that was met.');

export type OpenFindings = z.infer<typeof openFindings>;
export type Diagnosis = z.infer<typeof diagnosis>;
export type Cause = Diagnosis['causes'][number];
export type SinkResult = z.infer<typeof sink>;
export type WarehouseResult = z.infer<typeof warehouse>;
export type LakeResult = z.infer<typeof lake>;

/** A document as it was printed, or null if it is not one of this shape: a command that failed early has only its error to report. */
export function documentOf<T>(shape: z.ZodType<T>, printed: unknown): T | null {
  return shape.safeParse(printed).data ?? null;
}
