import { inOrder } from '../../platform/in-order.ts';
import type { HomeFile, HomeFiles, SinkTools } from '../port.ts';
import { growSegment, isLedger, writeOnce } from './archive.ts';
import type { Bucket } from './bucket.ts';
import { mirrorLake, readLake } from './lake.ts';

/** Uploads in flight. */
export const UPLOADS = 4;

/** Files per acknowledgement: each one is made durable, which costs about as much as an upload. */
const ACKNOWLEDGE_EVERY = 32;

/** Uploads what the bucket lacks: the archive first, then the lake, which may refer to it. */
export async function mirror(bucket: Bucket, files: HomeFiles, tools: SinkTools): Promise<void> {
  const remote = await readLake(bucket);
  const waiting = await mirrorArchive(bucket, files, tools);
  const { home, changing, manifest } = files;
  const segments = changing.filter(({ path }) => path.startsWith('archive/'));
  for (const segment of segments) await growSegment(bucket, home, segment);
  let uploaded = waiting + segments.length;
  if (manifest !== null) {
    const lake = { home, files: changing.filter((file) => !segments.includes(file)), manifest };
    uploaded += await mirrorLake(bucket, { ...lake, remote }, UPLOADS);
  }
  await files.acknowledged(files.to, uploaded);
}

/**
 * Uploads batches and closed segments. A seq is acknowledged once everything before it is in the bucket too; `to` only after
 * the rest of the delivery, because a run without news may not get here at all.
 *
 * @returns how many files were uploaded and are not acknowledged yet
 */
async function mirrorArchive(bucket: Bucket, files: HomeFiles, tools: SinkTools): Promise<number> {
  let [seq, complete, waiting, uploaded] = [files.after, 0, 0, 0];
  const acknowledge = async (): Promise<void> => {
    if (complete === 0) return;
    await files.acknowledged(seq, complete);
    complete = 0;
  };
  const upload = async (file: HomeFile & { seq: number }): Promise<number> => {
    await (isLedger(file.path) ? growSegment : writeOnce)(bucket, files.home, file);
    return file.seq;
  };
  let last = files.after;
  try {
    for await (const done of inOrder(files.fixed(files.after), UPLOADS, upload)) {
      // A segment has the seq of its last line: only a higher seq shows that no other file of this one follows.
      if (done > last) {
        [seq, complete, waiting] = [last, complete + waiting, 0];
        if (complete >= ACKNOWLEDGE_EVERY) await acknowledge();
      }
      last = done;
      waiting += 1;
      uploaded += 1;
      if (uploaded % 1000 === 0) tools.onProgress(`${uploaded} files of the archive mirrored`);
    }
  } finally {
    await acknowledge();
  }
  return waiting;
}
