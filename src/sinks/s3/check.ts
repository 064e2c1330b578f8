import type { Bucket } from './bucket.ts';
import type { Settings } from './options.ts';
import { MANIFEST } from './plan.ts';

/**
 * Reads one byte of the lake's manifest: that shows whether address, credentials and permission to read are right.
 * @returns what was found, in a sentence
 */
export async function check(
  bucket: Bucket,
  { endpoint, region }: Pick<Settings, 'endpoint' | 'region'>,
): Promise<string> {
  const hasLake = (await bucket.text(MANIFEST, 1)) !== null;
  // The origin leaves out whatever else an address may contain.
  const server = endpoint === undefined ? `AWS ${region}` : new URL(endpoint).origin;
  const where = `${server}, ${bucket.where('lake').slice(0, -'/lake'.length)}`;
  const lake = hasLake
    ? 'a lake is there'
    : 'no lake is there yet, or it may not be read: the first delivery shows which';
  const writes =
    bucket.conditions === 'kept'
      ? 'writes the archive once, by conditional writes'
      : 'whether the server obeys conditional writes shows at the first delivery';
  return `${where}: ${lake}; ${writes}`;
}
