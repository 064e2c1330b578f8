import { z } from 'zod';
import { head, outcome, version } from './common.ts';

/** Of `verify --event UID --proof FILE`. */
export const proofDocument = z.object({ version, outcome, file: z.string(), head });

/** Of `verify --proof FILE`. */
export const proofCheckDocument = z.object({
  version,
  outcome,
  faults: z.array(z.string()),
  event_uid: z.string(),
  source: z.string(),
  occurred_at: z.string().nullable(),
  page: z.object({
    request: z.string(),
    at: z.string(),
    sha256: z.string(),
    redaction: z
      .string()
      .optional()
      .describe(
        'The rule by which texts were hidden in the answer before it was stored and hashed.',
      ),
  }),
  record: z.string().describe('The event as it was served, but for texts that were hidden.'),
  head,
  vouched_by: z
    .enum(['trusted key', 'kept head'])
    .nullable()
    .describe('Null where anybody could have made the proof.'),
});

export type ProofDocument = z.infer<typeof proofDocument>;
export type ProofCheckDocument = z.infer<typeof proofCheckDocument>;
