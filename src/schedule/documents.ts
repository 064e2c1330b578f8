import { z } from 'zod';

/*
 * What the scheduler takes from the documents of `sync`, `verify` and `status`. Other keys may come and go. Only what
 * stands here can become a label of a metric: names from the configuration and words of auditlake's own.
 */

const outcome = z.enum(['complete', 'incomplete', 'failed', 'unavailable']);
const count = z.number().default(0);
const instant = z.iso.datetime().transform((text) => Date.parse(text));
const seq = z.number().nullable().default(null);

const sinks = z.array(
  z.object({ sink: z.string(), outcome, rows: count, seq, lag: z.number().optional() }),
);

const deliveryDocument = z.object({ sinks });

const syncDocument = z.object({
  streams: z.array(
    z.object({
      source: z.string(),
      stream: z.string(),
      outcome,
      requests: count,
      pages: count,
      records: count,
      new_records: count,
      changed_records: count,
      absent_records: count,
      watermark: instant.nullable().default(null),
      error: z.object({ code: z.string() }).optional(),
    }),
  ),
  sinks: sinks.default([]),
  quirks: z.array(z.object({ source: z.string(), code: z.string() })).default([]),
  warehouse: z.object({ rows: count, seq }).optional(),
  lake: z.object({ files: count, seq }).nullish(),
});

const verifyDocument = z.object({
  faults: z.array(z.unknown()),
  warehouse: z.object({ state: z.string() }).optional(),
  lake: z.object({ faults: z.array(z.unknown()) }).optional(),
  against_source: syncDocument.nullish(),
});

const statusDocument = z.object({
  streams: z.array(
    z.object({
      stream: z.string(),
      watermark: instant.nullable(),
      last_outcome: outcome.nullable(),
    }),
  ),
  warehouse: z.object({ seq: z.number() }).nullable(),
  sinks: z
    .array(
      z.object({
        sink: z.string(),
        tables: z.array(z.object({ seq: z.number(), lag: z.number() })),
        last: z.object({ outcome }).nullable(),
      }),
    )
    .default([]),
  runs: z.array(z.object({ job: z.string(), outcome, finished_at: instant })),
});

export type SyncDocument = z.infer<typeof syncDocument>;
export type DeliveryDocument = z.infer<typeof deliveryDocument>;
export type VerifyDocument = z.infer<typeof verifyDocument>;
export type StatusDocument = z.infer<typeof statusDocument>;

/** The document, or null if it is not one of this kind: a command that failed early has only its error to tell. */
export function asSync(document: unknown): SyncDocument | null {
  return syncDocument.safeParse(document).data ?? null;
}

export function asDelivery(document: unknown): DeliveryDocument | null {
  return deliveryDocument.safeParse(document).data ?? null;
}

export function asVerify(document: unknown): VerifyDocument | null {
  return verifyDocument.safeParse(document).data ?? null;
}

export function asStatus(document: unknown): StatusDocument | null {
  return statusDocument.safeParse(document).data ?? null;
}
