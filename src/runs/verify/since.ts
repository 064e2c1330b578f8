import { during } from '../../platform/progress.ts';
import type { VerifyDocument } from '../../documents/verify.ts';
import { type ArchiveVerdict, type Trail, verifyArchive } from '../../evidence/verify-archive.ts';
import { iso } from '../../platform/time.ts';
import type { Head } from '../../state/head.ts';
import { isSignedBy } from '../../state/signing.ts';
import { isVouchedFor, readVerified, type Verified, writeVerified } from '../../state/verified.ts';
import type { Context } from '../context.ts';

type Ask = { heads: readonly Head[]; sinceLast: boolean };

/**
 * Verifies the archive, whole or from where the last verification ended, and notes how far it is right.
 *
 * The next verification continues from that note only if the last run put its hash into the ledger, its head is one of the
 * ledger's and, in a signed ledger, a trusted key signed it: altering old batches together with the note gains nothing. A head
 * in the note that a trusted key signed was once in the ledger, so it must still be there.
 */
export async function verifyArchiveSince(
  context: Context,
  { heads, sinceLast }: Ask,
): Promise<{ archive: ArchiveVerdict; since: VerifyDocument['since'] }> {
  const { layout, output, config } = context;
  const noted = await readVerified(layout);
  const isOwn = noted !== null && isSignedHead(noted.head, config.trustedKeys);
  let all = isOwn ? [...heads, noted.head] : heads;
  let since = sinceLast ? noted : null;
  let found = await walk(context, all, since);
  // Signed for another home it says nothing of this one.
  const isOfAnother = isOwn && noted.head.home !== found.archive.home;
  if (isOfAnother) all = heads;
  if (isOfAnother || (since !== null && !isTrusted(context, found, since))) {
    since = null;
    found = await walk(context, all, null);
  }
  if (sinceLast && since === null) {
    output.say('no verification to go on from is in the ledger: everything is verified');
  }
  const { archive, trail } = found;
  if (archive.faults.length === 0) await note(context, trail, since);
  return { archive, since: since && { seq: since.head.seq, full_at: since.full_at } };
}

function isSignedHead({ key, signature, ...line }: Head, trusted: readonly string[]): boolean {
  if (key === undefined || signature === undefined || !trusted.includes(key)) return false;
  return isSignedBy({ key, signature }, line);
}

/** The last run found this very note, and in a signed ledger a trusted key signed it. */
function isTrusted(
  { config }: Context,
  { archive, trail }: { archive: ArchiveVerdict; trail: Trail },
  since: Verified,
): boolean {
  if (trail.verified !== since.sha256) return false;
  return archive.signatures.lines === 0 || isVouchedFor(since, config.trustedKeys);
}

async function walk(
  { layout, config, output }: Context,
  heads: readonly Head[],
  since: Verified | null,
): Promise<{ archive: ArchiveVerdict; trail: Trail }> {
  return await during(output, 'verifying', (report) =>
    verifyArchive(layout, {
      trusted: config.trustedKeys,
      heads: since === null || heads.includes(since.head) ? heads : [...heads, since.head],
      ...(since === null ? {} : { contentsAfter: since.head.seq }),
      onProgress: (batches) => report({ done: batches, unit: 'batch files' }),
    }),
  );
}

/** A note that nothing has come after stays: the ledger may have its hash already. */
async function note(
  { config, layout, now, output }: Context,
  { head }: Trail,
  since: Verified | null,
): Promise<void> {
  if (head === null || (since !== null && since.head.sha256 === head.sha256)) return;
  try {
    const full_at = since?.full_at ?? iso(now());
    await writeVerified(layout, { head, full_at }, config.signingKey);
  } catch (error) {
    // The home may be read-only for whoever verifies it: then the next verification reads everything.
    output.log.warn({ err: error }, 'how far the archive was verified could not be noted');
  }
}
