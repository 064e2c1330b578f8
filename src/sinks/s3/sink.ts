import type { S3Client } from '@aws-sdk/client-s3';
import type { FileSink, HomeFile, HomeFiles, SinkTools } from '../port.ts';
import { growSegment, isLedger, writeOnce } from './archive-files.ts';
import { Bucket } from './bucket.ts';
import { clientOf, loadSdk, type S3Options, type Sdk } from './client.ts';
import { inOrder } from '../../platform/in-order.ts';
import { mirrorLake, readLake } from './lake-files.ts';
import { MANIFEST } from './lake-plan.ts';
import { requestsTo } from './requests.ts';

export type { S3Options } from './client.ts';

/** Uploads at a time. */
const WIDTH = 4;

/** So many files are reported at once: each report is made durable, which costs about as much as an upload. */
const REPORT_EVERY = 32;

/**
 * A mirror of archive and lake in an object store that speaks S3.
 *
 * @param name how the configuration calls it
 */
export function openS3(name: string, options: S3Options): FileSink {
  let opened: { sdk: Sdk; client: S3Client } | null = null;
  const bucketFor = async (tools: SinkTools): Promise<Bucket> => {
    if (opened === null) {
      const sdk = await loadSdk();
      opened = { sdk, client: clientOf(sdk, options, WIDTH) };
    }
    const said = { ...tools, onWarning: (text: string) => tools.onWarning(`${name}: ${text}`) };
    const requests = requestsTo(opened.sdk, opened.client, options, said);
    return new Bucket(requests, options.endpoint === null);
  };
  return {
    kind: 'files',
    async mirror(files, tools) {
      const bucket = await bucketFor(tools);
      const remote = await readLake(bucket);
      const last = await mirrorFixed(bucket, files, tools);
      const { home, changing, manifest } = files;
      const segments = changing.filter(({ path }) => path.startsWith('archive/'));
      for (const file of segments) await growSegment(bucket, home, file);
      let brought = last + segments.length;
      if (manifest !== null) {
        const lake = { home, files: changing.filter((file) => !segments.includes(file)), manifest };
        brought += await mirrorLake(bucket, { ...lake, remote }, WIDTH);
      }
      await files.delivered(files.to, brought);
    },
    async check(tools) {
      const bucket = await bucketFor(tools);
      const isThere = (await bucket.text(MANIFEST, 1)) !== null;
      const { endpoint, region } = options;
      // The origin leaves out what else may stand in an address.
      const server = endpoint === null ? `AWS ${region}` : new URL(endpoint).origin;
      const where = `${server}, ${bucket.where('lake').slice(0, -'/lake'.length)}`;
      const lake = isThere
        ? 'a lake is there'
        : 'no lake is there yet, or it may not be read: the first delivery shows it';
      const writes =
        bucket.conditions === 'kept'
          ? 'writes the archive once, by conditional writes'
          : 'whether it knows conditional writes shows at each delivery';
      return `${where}: ${lake}; ${writes}`;
    },
    async close() {
      opened?.client.destroy();
      opened = null;
    },
  };
}

/**
 * Brings batches and closed segments. Reported is what all before it is there as well; `to` only when everything else
 * is there too, because a run with nothing new may not come here at all.
 *
 * @returns how many files were brought and not reported yet
 */
async function mirrorFixed(bucket: Bucket, files: HomeFiles, tools: SinkTools): Promise<number> {
  let [seq, whole, waiting, brought] = [files.after, 0, 0, 0];
  const report = async (): Promise<void> => {
    if (whole === 0) return;
    await files.delivered(seq, whole);
    whole = 0;
  };
  const bring = async (file: HomeFile & { seq: number }): Promise<number> => {
    await (isLedger(file.path) ? growSegment : writeOnce)(bucket, files.home, file);
    return file.seq;
  };
  let last = files.after;
  try {
    for await (const done of inOrder(files.fixed(files.after), WIDTH, bring)) {
      // A segment has the number of its last line: until a higher one comes, another file of this number may.
      if (done > last) {
        [seq, whole, waiting] = [last, whole + waiting, 0];
        if (whole >= REPORT_EVERY) await report();
      }
      last = done;
      waiting += 1;
      brought += 1;
      if (brought % 1000 === 0) tools.onProgress(`${brought} files of the archive mirrored`);
    }
  } finally {
    await report();
  }
  return waiting;
}
