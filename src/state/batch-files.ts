import { opendir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SeqRange } from './carried.ts';
import { type Layout, seqOfBatch } from './layout.ts';
import { contains } from './seq-ranges.ts';

/** `isPlain` is false for links, devices and the like. */
export type FoundFile = { path: string; isPlain: boolean };

/** Every file in the archive outside the ledger's folder, one at a time: there may be hundreds of thousands. */
export async function* batchFiles(layout: Layout): AsyncGenerator<FoundFile> {
  try {
    yield* filesBelow(layout.archive, layout.ledger);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function* filesBelow(folder: string, except: string): AsyncGenerator<FoundFile> {
  const entries = await opendir(folder);
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield { path, isPlain: entry.isFile() };
    // A name that is not UTF-8 cannot be opened once it has been decoded, and is none that auditlake writes.
    else if (entry.name.includes('\ufffd')) yield { path, isPlain: false };
    else if (path !== except) yield* filesBelow(path, except);
  }
}

/** The seq of a batch file that was pruned; null for any other file. */
export function prunedSeq(path: string, pruned: readonly SeqRange[]): number | null {
  const seq = seqOfBatch(basename(path));
  return seq !== null && contains(pruned, seq) ? seq : null;
}
