/**
 * The archive in the bucket is the copy off the host: nothing of it is overwritten or removed, except that a ledger segment
 * is replaced by a longer one that begins with the same bytes.
 */
import { join } from 'node:path';
import { AuditlakeError, EXIT, integrityError } from '../../errors.ts';
import type { Copy, HomeFile } from '../port.ts';
import type { Bucket, Held } from './bucket.ts';
import { fileContent, sha256OfStart } from './encode.ts';

/** A closed segment still counts as growing: an earlier run may have uploaded it while it was open. */
export function isLedger(path: string): boolean {
  return path.startsWith('archive/ledger/');
}

/**
 * Uploads a file that never changes.
 * @throws AuditlakeError exit 5 if the key holds other content
 */
export async function writeOnce(bucket: Bucket, home: string, file: HomeFile): Promise<void> {
  if (bucket.conditions !== 'kept') {
    const held = await bucket.head(file.path);
    if (held !== null) await mustEqual(bucket, file, held);
    if (held !== null && bucket.conditions === 'ignored') return;
  }
  const content = fileContent(home, file);
  const outcome = await bucket.put(content, 'absent');
  if (outcome === 'refused') {
    await mustEqual(bucket, file, await heldFor(bucket, file.path));
    bucket.conditions = 'kept';
    return;
  }
  if (bucket.conditions !== 'untried') return;
  // The same bytes once more: harmless if the server overwrites them, and shows whether it would overwrite others.
  if ((await bucket.put(content, 'absent')) === 'refused') bucket.conditions = 'kept';
  else bucket.conditionsAreIgnored();
}

/**
 * Uploads a segment of the ledger.
 * @throws AuditlakeError exit 5 if the bucket's is longer, or is not how this one begins
 */
export async function growSegment(bucket: Bucket, home: string, file: HomeFile): Promise<void> {
  const content = fileContent(home, file);
  let held = await bucket.head(file.path);
  // A write whose answer was lost is refused when it is repeated; refused more often, somebody else writes as well.
  for (let round = 0; round < 3; round += 1) {
    if (held !== null && (await isEqual(bucket, file, held))) return;
    if (held !== null) await mustBegin(bucket, home, file, held);
    const condition = held === null ? 'absent' : held.etag === null ? null : { etag: held.etag };
    if ((await bucket.put(content, condition)) === 'written') return;
    held = await heldFor(bucket, file.path);
  }
  throw new AuditlakeError(
    's3-contended',
    `${bucket.where(file.path)} is being written by something else too`,
    'let only one home deliver to this prefix; the next run continues from here',
    EXIT.incomplete,
  );
}

/** How the bucket's copy of a file compares with it. */
export async function copyOf(bucket: Bucket, home: string, file: HomeFile): Promise<Copy> {
  const held = await bucket.head(file.path);
  if (held === null) return 'missing';
  if (await isEqual(bucket, file, held)) return 'equal';
  if (held.bytes >= file.bytes) return 'different';
  const there = held.sha256 ?? (await bucket.sha256Of(file.path));
  const here = await sha256OfStart(join(home, file.path), held.bytes);
  return here === there ? { bytes: held.bytes } : 'different';
}

async function mustBegin(bucket: Bucket, home: string, file: HomeFile, held: Held): Promise<void> {
  if (held.bytes < file.bytes) {
    const there = held.sha256 ?? (await bucket.sha256Of(file.path));
    const here = await sha256OfStart(join(home, file.path), held.bytes);
    if (here === there) return;
    throw differs(bucket, file, `${there} of ${held.bytes} bytes`, `${here} of as many`);
  }
  throw differs(bucket, file, `${held.bytes} bytes`, `${file.bytes} bytes, ${file.sha256}`);
}

async function mustEqual(bucket: Bucket, file: HomeFile, held: Held): Promise<void> {
  if (await isEqual(bucket, file, held)) return;
  const there = held.sha256 ?? (await bucket.sha256Of(file.path));
  throw differs(
    bucket,
    file,
    `${there} of ${held.bytes} bytes`,
    `${file.sha256} of ${file.bytes} bytes`,
  );
}

async function isEqual(bucket: Bucket, file: HomeFile, held: Held): Promise<boolean> {
  if (held.bytes !== file.bytes) return false;
  // Part of the copy may have been made with another tool, which leaves no hash.
  return (held.sha256 ?? (await bucket.sha256Of(file.path))) === file.sha256;
}

async function heldFor(bucket: Bucket, path: string): Promise<Held> {
  const held = await bucket.head(path);
  if (held !== null) return held;
  throw new AuditlakeError(
    's3-denied',
    `HEAD ${bucket.where(path)}: the key exists, but its content may not be read`,
    'grant s3:GetObject on the prefix',
    EXIT.person,
  );
}

function differs(bucket: Bucket, file: HomeFile, there: string, here: string): AuditlakeError {
  return integrityError(
    `${bucket.where(file.path)} differs from the archive: there ${there}, here ${here}`,
    'one of the two was altered or cut, or another home delivers to this prefix. Nothing was overwritten; run `auditlake verify` and compare them',
  );
}
