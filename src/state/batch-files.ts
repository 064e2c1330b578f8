import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

/** `isPlain` is false for what only leads to a file or folder, or is neither. */
export type LyingFile = { path: string; isPlain: boolean };

/** Every file below the archive except the ledger's, one at a time: there may be hundreds of thousands. */
export async function* batchFiles(layout: Layout): AsyncGenerator<LyingFile> {
  yield* filesBelow(layout.archive, layout.ledger);
}

async function* filesBelow(folder: string, except: string): AsyncGenerator<LyingFile> {
  let entries;
  try {
    entries = await opendir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield { path, isPlain: entry.isFile() };
    else if (path !== except) yield* filesBelow(path, except);
  }
}
