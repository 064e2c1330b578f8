import { z } from 'zod';

/** A SHA-256 or a public key as text. */
export const HEX_32 = z.string().regex(/^[0-9a-f]{64}$/);

/** A head as it stands in reports and proofs; see `Head`. */
export const HEAD = z.object({
  home: z.string(),
  seq: z.number().int(),
  at: z.string(),
  sha256: HEX_32,
  key: HEX_32.optional(),
  signature: z
    .string()
    .regex(/^[0-9a-f]{128}$/)
    .optional(),
});
