import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

/** `isPlain` is false for what only leads to a file or folder, or is neither. */
export type LyingFile = { path: string; isPlain: boolean };

/** Every file below the archive except the ledger's, one at a time: there may be hundreds of thousands. */
export async function* batchFiles(layout: Layout): AsyncGenerator<LyingFile> {
  try {
    yield* filesBelow(layout.archive, layout.ledger);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function* filesBelow(folder: string, except: string): AsyncGenerator<LyingFile> {
  const entries = await opendir(folder);
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield { path, isPlain: entry.isFile() };
    // A name that is not UTF-8 leads nowhere once it was decoded: none of ours.
    else if (entry.name.includes('\ufffd')) yield { path, isPlain: false };
    else if (path !== except) yield* filesBelow(path, except);
  }
}
