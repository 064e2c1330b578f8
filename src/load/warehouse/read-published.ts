import { basename } from 'node:path';
import { integrityError } from '../../errors.ts';
import type { Notary, Signed } from '../../platform/notary.ts';
import { type Mark, stampOf } from './mark.ts';
import { isAsPublished } from './as-published.ts';

type Generation = Signed & Mark & { path: string };

/**
 * Does work that believes what a generation says, which nobody may change meanwhile where its note is signed: a verification afterwards
 * would not see what was put back.
 *
 * @throws AuditlakeError `integrity` (exit 5) if somebody did: what was read must count for nothing
 */
export async function readingPublished<T>(
  published: Generation,
  notary: Notary | null,
  work: () => Promise<T>,
): Promise<T> {
  if (notary === null) return await work();
  const before = await stampOf(published.path);
  if (!(await isAsPublished(published, notary).catch(() => false))) throw written(published);
  const done = await work();
  // Whoever writes into a file, or puts another in its place and back again, cannot set this time.
  if ((await stampOf(published.path).catch(() => null)) !== before) throw written(published);
  return done;
}

function written({ path }: Generation): Error {
  return integrityError(
    `somebody wrote into warehouse/${basename(path)} while a run read it`,
    'what it read counts for nothing: run the same command again. It makes the warehouse anew from the archive, if the file is not as it was published',
  );
}
