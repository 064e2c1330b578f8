/**
 * The proof of one event: a few kilobytes that show, without the archive, that the vendor's answer contained this record
 * and that the ledger contained it when its head was signed. See docs/trust.md.
 */
import { z } from 'zod';
import { usageError } from '../errors.ts';
import type { StoredLine } from '../state/read-batch.ts';
import type { BatchLine } from '../state/ledger-schema.ts';
import { unseal } from '../state/seal.ts';
import { HEAD, HEX_32 } from '../state/head.ts';

const STEP = z.templateLiteral([z.enum(['left', 'right']), ':', HEX_32]);
/** What is hashed is UTF-8: two texts that are none would have the same. */
const TEXT = z.string().refine((text) => Buffer.from(text).toString('utf8') === text);
const LINE = z.object({ text: TEXT, path: z.array(STEP).max(64) });
export const PROOF = z.object({
  version: z.literal(1),
  event_uid: z.string(),
  /** The record's line in its batch, then the line of the page it came with. Each path leads to the batch's `lines_root`. */
  batch: z.tuple([LINE, LINE]),
  /** The batch's ledger line, then lines that each cover the one before: a path leads to `covers` of the next line. The last is the head. */
  ledger: z.array(LINE).min(1),
  head: HEAD,
});

export type Proof = z.infer<typeof PROOF>;

/** Reads the first ledger line of a proof, which commits the batch. */
export function batchOf(text: string): BatchLine {
  const line = unseal(Buffer.from(text));
  if ('line' in line && line.line.kind === 'batch') return line.line;
  throw usageError(
    'the first ledger line does not commit a batch',
    '`auditlake verify --event` writes proofs',
  );
}

/** Reads a line of a batch. */
export function parsed(text: string | undefined): StoredLine {
  try {
    return JSON.parse(text ?? '') as StoredLine;
  } catch {
    throw usageError('a line of the batch is not JSON', '`auditlake verify --event` writes proofs');
  }
}
