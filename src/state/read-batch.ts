import { hash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type AuditlakeError, integrityError, messageOf } from '../errors.ts';
import { readPlain } from '../platform/plain-file.ts';
import type { Layout } from './layout.ts';
import type { BatchLine } from './ledger-schema.ts';

const decompress = promisify(gunzip);

/** A line of a batch file, with the fields that are read back; docs/archive-format.md has all. */
export type StoredLine =
  | { n: number; kind: 'batch' }
  | {
      n: number;
      kind: 'page';
      page: number;
      request: string;
      status: number;
      at: string;
      bytes: number;
      sha256: string;
      records: number;
      redaction?: string;
      context?: Record<string, string>;
    }
  | {
      n: number;
      kind: 'record';
      page: number;
      key: string;
      time: string | null;
      stray?: true;
      record: string;
      bytes?: string;
    }
  | { n: number; kind: 'absent'; key: string }
  | { n: number; kind: 'finding' };

/** What the ledger says of the file of a batch. */
type Committed = Pick<BatchLine, 'seq' | 'file' | 'file_sha256' | 'file_bytes' | 'size'>;

/**
 * The lines of a batch. They take a few megabytes at most, so they are read at once.
 *
 * @throws AuditlakeError `integrity` if the file is not the one that was committed
 */
export async function readBatch(layout: Layout, batch: Committed): Promise<StoredLine[]> {
  return (await readBatchText(layout, batch)).map((line) => JSON.parse(line) as StoredLine);
}

/** The same lines as text, exactly as stored, for their hashes. */
export async function readBatchText(layout: Layout, batch: Committed): Promise<string[]> {
  const bytes = await readCommitted(layout, batch);
  const text = await decompress(bytes, { maxOutputLength: Math.max(batch.size, 1) });
  return text
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

async function readCommitted(layout: Layout, batch: Committed): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readPlain(join(layout.archive, batch.file), batch.file_bytes);
  } catch (error) {
    throw unreadableBatch(batch, error);
  }
  if (hash('sha256', bytes) === batch.file_sha256) return bytes;
  throw alteredBatch(batch);
}

type Named = Pick<BatchLine, 'seq' | 'file'>;

/** The file of a committed batch is missing, or cannot be read. */
export function unreadableBatch(batch: Named, cause: unknown): AuditlakeError {
  return wrongBatch(batch, `is missing or cannot be read: ${messageOf(cause)}`, cause);
}

/** The file of a committed batch is not the one that was committed. */
export function alteredBatch(batch: Named): AuditlakeError {
  return wrongBatch(batch, 'is not as it was committed');
}

function wrongBatch({ seq, file }: Named, what: string, cause?: unknown): AuditlakeError {
  return integrityError(
    `the batch ${file} (seq ${seq}) ${what}`,
    '`auditlake verify` lists all that is wrong with the archive; put the file back from a copy',
    cause,
  );
}

/** The exact bytes of a stored record. */
export function bytesOf(line: { record: string; bytes?: string }): Buffer {
  return line.bytes === undefined ? Buffer.from(line.record) : Buffer.from(line.bytes, 'base64');
}
