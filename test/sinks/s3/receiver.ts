import { openS3 } from '../../../src/sinks/s3/sink.ts';
import type { FileReceiver } from '../receiver.ts';
import { bucketWith, type Traits } from './bucket.ts';
import { watch } from './mirrored.ts';

/** A bucket on loopback that holds its mirror to the order of files. */
export async function bucketReceiver(traits: Traits = {}): Promise<FileReceiver> {
  const bucket = await bucketWith(traits);
  watch(bucket);
  const { prefix, endpoint, region, forcePathStyle, accessKeyId, secretAccessKey } = bucket.options;
  const name = bucket.options.bucket;
  const pathOf = (key: string): string => key.slice(prefix.length);
  let [isDown, answersToLose] = [false, 0];
  bucket.onRequest = () => {
    if (isDown) return 'busy';
    answersToLose -= 1;
    return answersToLose >= 0 ? 'lose-answer' : 'serve';
  };
  return {
    configured: {
      bucket: name,
      prefix,
      endpoint,
      region,
      forcePathStyle,
      accessKeyId,
      secretAccessKey,
    },
    open: async () => openS3('bucket', bucket.options),
    files: async () =>
      new Map([...bucket.objects].map(([key, { body }]) => [pathOf(key), body.toString()])),
    put: async (path, content) => bucket.put(`${prefix}${path}`, content),
    written: () =>
      bucket.asked
        .filter((request) => request.startsWith('PUT '))
        .map((request) => pathOf(request.slice('PUT '.length))),
    down: (now) => void (isDown = now),
    loseAnswers: (count) => void (answersToLose = count),
    revoke: () => void (bucket.traits.denied = ['']),
  };
}
