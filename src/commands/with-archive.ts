import type { Context } from '../context.ts';
import { tidyScratch } from '../load/scratch.ts';
import { Loader } from '../loader.ts';
import { Archive } from '../state/archive.ts';
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
    const archive = await Archive.openForWriting(layout, now, config.signingKey);
    await tidyScratch(config.home, now());
    const transform = loadTransform();
    return await work(archive, new Loader(archive, { home: config.home, transform, onMessage }));
  } finally {
    lock.release();
  }
}
