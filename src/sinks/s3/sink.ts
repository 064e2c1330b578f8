import type { S3Client } from '@aws-sdk/client-s3';
import { defineSink } from '../define.ts';
import type { FileSink, SinkTools } from '../port.ts';
import { Bucket } from './bucket.ts';
import { copyOf } from './archive.ts';
import { check } from './check.ts';
import { clientOf, loadSdk, type Sdk } from './client.ts';
import { options, secrets, type Settings } from './options.ts';
import { requestsTo } from './requests.ts';
import { mirror, UPLOADS } from './send.ts';

export const s3 = defineSink({
  type: 's3',
  title: 'Object storage (S3)',
  receives: 'files',
  formats: [],
  options,
  secrets,
  problem({ secrets: { accessKeyId, secretAccessKey } }) {
    if ((accessKeyId === null) === (secretAccessKey === null)) return null;
    return {
      what: 'has one of accessKeyId and secretAccessKey',
      hint: 'set both, or neither to let the AWS SDK find credentials itself',
    };
  },
  open: (name, configured, connection) =>
    openS3(name, { ...configured.options, ...configured.secrets, ...connection }),
});

/** A mirror of archive and lake in a bucket. */
export function openS3(name: string, settings: Settings): FileSink {
  let opened: { sdk: Sdk; client: S3Client } | null = null;
  const bucketFor = async (tools: SinkTools): Promise<Bucket> => {
    if (opened === null) {
      const sdk = await loadSdk();
      opened = { sdk, client: clientOf(sdk, settings, UPLOADS) };
    }
    const requests = requestsTo(opened.sdk, opened.client, settings, {
      ...tools,
      onWarning: (text) => tools.onWarning(`${name}: ${text}`),
    });
    return new Bucket(requests, settings.endpoint === undefined);
  };
  return {
    kind: 'files',
    mirror: async (files, tools) => mirror(await bucketFor(tools), files, tools),
    async compare(home, tools) {
      const bucket = await bucketFor(tools);
      return (file) => copyOf(bucket, home, file);
    },
    check: async (tools) => check(await bucketFor(tools), settings),
    async close() {
      opened?.client.destroy();
      opened = null;
    },
  };
}
