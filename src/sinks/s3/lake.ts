/**
 * The lake in the bucket. Its manifest names only files that exist: they are uploaded before it and removed after it. Where
 * people read by folder, one object is replaced by another at once; several that take each other's place are behind a barrier. A
 * journal lists the changes in progress, so that an interrupted run leaves no wrong file and no orphan.
 */
import { createHash } from 'node:crypto';
import type { HomeFile } from '../port.ts';
import type { Bucket } from './bucket.ts';
import { fileContent, textContent } from './encode.ts';
import { inOrder } from '../../platform/in-order.ts';
import { JOURNAL, journalOf, MANIFEST, planLake, readRemote, type RemoteLake } from './plan.ts';

/** Of a manifest or journal. A manifest has 250 bytes per file: this is a million files. */
const MAX_BYTES = 256 * 1024 * 1024;

type BucketLake = RemoteLake & { manifestSha256: string | null };

/** What the bucket has, in two requests instead of one per file. They are the first of a run: credentials are refused here, with the reason. */
export async function readLake(bucket: Bucket): Promise<BucketLake> {
  const manifest = await bucket.text(MANIFEST, MAX_BYTES);
  const journal = await bucket.text(JOURNAL, MAX_BYTES);
  return {
    ...readRemote(manifest, journal),
    manifestSha256: manifest === null ? null : createHash('sha256').update(manifest).digest('hex'),
  };
}

const BARRIER_TEXT = 'auditlake is replacing the objects of this folder: read it again\n';

/** @returns how many files were uploaded */
export async function mirrorLake(
  bucket: Bucket,
  lake: { home: string; files: HomeFile[]; manifest: HomeFile; remote: BucketLake },
  width: number,
): Promise<number> {
  const plan = planLake(lake.files, lake.remote);
  const hasNews = plan.write.length > 0 || plan.remove.length > 0;
  if (hasNews) await bucket.put(textContent(JOURNAL, journalOf(plan)), null);
  let uploaded = 0;
  const upload = async (file: HomeFile): Promise<void> => {
    if (plan.doubtful.has(file.path) && (await bucket.head(file.path))?.sha256 === file.sha256)
      return;
    await bucket.put(fileContent(lake.home, file), null);
    uploaded += 1;
  };
  const isApart = new Set(plan.changes.flatMap(({ write }) => write));
  await all(
    plan.write.filter((file) => !isApart.has(file)),
    width,
    upload,
  );
  for (const { barrier, write, remove } of plan.changes) {
    await bucket.put(textContent(barrier, BARRIER_TEXT), null);
    await all(
      remove.filter((path) => path !== barrier),
      width,
      (path) => bucket.remove(path),
    );
    await all(write, width, upload);
    await bucket.remove(barrier);
  }
  if (lake.remote.manifestSha256 !== lake.manifest.sha256) {
    await bucket.put(fileContent(lake.home, lake.manifest), null);
    uploaded += 1;
  }
  const isGone = new Set(plan.changes.flatMap(({ remove }) => remove));
  await all(
    plan.remove.filter((path) => !isGone.has(path)),
    width,
    (path) => bucket.remove(path),
  );
  if (hasNews) await bucket.remove(JOURNAL);
  return uploaded;
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
