/**
 * The lake in the bucket. Its manifest names only what is there: files come before it, and go after it. A journal
 * remembers what is under way, so that a run that was cut off leaves neither a wrong file nor a forgotten one.
 */
import { createHash } from 'node:crypto';
import type { HomeFile } from '../port.ts';
import type { Bucket } from './bucket.ts';
import { fileContent, textContent } from './content.ts';
import { inOrder } from '../../platform/in-order.ts';
import {
  JOURNAL,
  journalOf,
  MANIFEST,
  planLake,
  readRemote,
  type RemoteLake,
} from './lake-plan.ts';

/** A manifest has 250 bytes per file: this is a million of them. */
const MOST = 256 * 1024 * 1024;

export type BucketLake = RemoteLake & { manifestSha256: string | null };

/** One request instead of one per file. It is also the run's first: refused credentials show here, with the reason. */
export async function readLake(bucket: Bucket): Promise<BucketLake> {
  const manifest = await bucket.text(MANIFEST, MOST);
  const journal = await bucket.text(JOURNAL, MOST);
  return {
    ...readRemote(manifest, journal),
    manifestSha256: manifest === null ? null : createHash('sha256').update(manifest).digest('hex'),
  };
}

/** @returns how many files were written */
export async function mirrorLake(
  bucket: Bucket,
  lake: { home: string; files: HomeFile[]; manifest: HomeFile; remote: BucketLake },
  width: number,
): Promise<number> {
  const plan = planLake(lake.files, lake.remote);
  const isSettled = plan.write.length === 0 && plan.remove.length === 0;
  if (!isSettled) await bucket.put(textContent(JOURNAL, journalOf(plan)), null);
  let written = 0;
  const bring = async (file: HomeFile): Promise<void> => {
    if (plan.doubtful.has(file.path) && (await bucket.head(file.path))?.sha256 === file.sha256)
      return;
    await bucket.put(fileContent(lake.home, file), null);
    written += 1;
  };
  await all(plan.write, width, bring);
  if (lake.remote.manifestSha256 !== lake.manifest.sha256) {
    await bucket.put(fileContent(lake.home, lake.manifest), null);
    written += 1;
  }
  await all(plan.remove, width, (path) => bucket.remove(path));
  if (!isSettled) await bucket.remove(JOURNAL);
  return written;
}

async function all<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const turns = inOrder(each(items), width, work);
  while ((await turns.next()).done !== true);
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
