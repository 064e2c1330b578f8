import type { Config } from '../config/load.ts';
import type { Context } from './context.ts';
import { tidyScratch } from '../load/scratch.ts';
import { Loader } from './loader.ts';
import { Archive } from '../state/archive.ts';
import { publicKeyHex } from '../platform/signing-keys.ts';
import type { Signing } from '../state/signing.ts';
import { takeLock } from '../state/lock.ts';
import { loadTransform } from '../transform/transform.ts';

/**
 * Works on the archive as the only one who does, and lets go of it in any case.
 *
 * @param onMessage told why the warehouse has to be made anew, where it has
 */
export async function withArchive<T>(
  { config, layout, now }: Context,
  onMessage: (text: string) => void,
  work: (archive: Archive, loader: Loader) => Promise<T>,
): Promise<T> {
  const lock = await takeLock(layout);
  try {
    const archive = await Archive.openForWriting(layout, now, signingOf(config));
    await tidyScratch(config.home, now());
    const transform = loadTransform();
    return await work(archive, new Loader(archive, { home: config.home, transform, onMessage }));
  } finally {
    lock.release();
  }
}

/** A run goes on from lines of any trusted key, which may have been changed, and of its own. */
function signingOf({ signingKey: key, trustedKeys }: Config): Signing | null {
  return key === null ? null : { key, trusted: [...trustedKeys, publicKeyHex(key)] };
}
