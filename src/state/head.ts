/** A head names one ledger line of one home and, through the chain of hashes, every line before it. */
import { z } from 'zod';

/** A SHA-256 or a public key in hex. */
export const HEX_32 = z.string().regex(/^[0-9a-f]{64}$/);

/** An Ed25519 signature in hex. In base64 a flipped bit could go unnoticed. */
export const HEX_64 = z.string().regex(/^[0-9a-f]{128}$/);

/** A head in reports and proofs. */
export const HEAD = z.object({
  home: z.string(),
  seq: z.number().int(),
  at: z.string(),
  sha256: HEX_32,
  key: HEX_32.optional(),
  signature: HEX_64.optional(),
});

/** What leaves the host after every run. Without a signature it is only as good as the place where it is kept. */
export type Head = z.infer<typeof HEAD>;

/** The part of a head that a signature covers. */
export type HeadLine = Pick<Head, 'home' | 'seq' | 'sha256'>;
