import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { clientOf, loadSdk } from '../../src/sinks/s3/client.ts';
import type { Settings } from '../../src/sinks/s3/options.ts';
import { openS3 } from '../../src/sinks/s3/sink.ts';
import type { FileReceiver } from '../sinks/receiver.ts';
import { between, type Between } from './between.ts';
import { KEY_ID, type S3Server, SECRET } from './s3-servers.ts';

const PREFIX = 'auditlake/';

export type RealBucket = {
  configured: Record<string, unknown>;
  network: Between;
  settings: Settings;
  files(): Promise<Map<string, string>>;
  put(path: string, content: string): Promise<void>;
};

/** A new bucket at a real server, with the network to it in between. */
export async function bucketAt(server: S3Server): Promise<RealBucket> {
  const network = await between(() => server.origin());
  const bucket = `acme-${randomUUID()}`;
  const configured = {
    bucket,
    prefix: PREFIX,
    region: 'us-east-1',
    endpoint: network.origin,
    forcePathStyle: true,
    accessKeyId: KEY_ID,
    secretAccessKey: SECRET,
  };
  const settings = { ...configured, timeout: 5_000, caFile: undefined, env: {} };
  const sdk = await loadSdk();
  /** Past the network: what the test itself asks is not noted. */
  const direct = async <T>(ask: (client: InstanceType<typeof sdk.S3Client>) => Promise<T>) => {
    const client = clientOf(sdk, { ...settings, endpoint: server.origin() }, 4);
    try {
      return await ask(client);
    } finally {
      client.destroy();
    }
  };
  await direct((client) => client.send(new sdk.CreateBucketCommand({ Bucket: bucket })));
  return {
    configured,
    network,
    settings,
    put: (path, content) =>
      direct(async (client) => {
        const Key = `${PREFIX}${path}`;
        await client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key, Body: content }));
      }),
    files: () =>
      direct(async (client) => {
        const files = new Map<string, string>();
        const pages = sdk.paginateListObjectsV2({ client }, { Bucket: bucket });
        for await (const { Contents = [] } of pages) {
          for (const { Key = '' } of Contents) {
            const found = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key }));
            files.set(Key.slice(PREFIX.length), (await found.Body?.transformToString()) ?? '');
          }
        }
        return files;
      }),
  };
}

export async function realReceiver(server: S3Server): Promise<FileReceiver> {
  const bucket = await bucketAt(server);
  const { configured, network, settings } = bucket;
  let secretAccessKey = SECRET;
  onTestFinished(() => void (network.isDown = false));
  const start = `PUT /${settings.bucket}/${PREFIX}`;
  return {
    configured,
    open: async () => openS3('bucket', { ...settings, secretAccessKey }),
    files: () => bucket.files(),
    put: (path, content) => bucket.put(path, content),
    written: () =>
      network.asked.flatMap((one) => (one.startsWith(start) ? [one.slice(start.length)] : [])),
    down: (isDown) => void (network.isDown = isDown),
    loseAnswers: (count) => void (network.answersToLose = count),
    ...(server.signs
      ? { revoke: () => void (secretAccessKey = 'another-secret-of-a-test-000000001') }
      : {}),
  };
}
