import { opendir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAbsent } from '../platform/plain-file.ts';
import type { SeqRange } from './carried.ts';
import { type Layout, seqOfBatch } from './layout.ts';
import { BATCH_FILE } from './ledger-schema.ts';
import { contains } from './seq-ranges.ts';

/** `isPlain` is false for links, devices and the like, and for a folder where the archive has none. */
type FoundFile = { path: string; isPlain: boolean };

/** Source, stream, year, month and day. What lies deeper is not ours, and may be deeper than a path can say. */
const FOLDERS = 5;

const TEMPORARY = '.tmp';

/** Every file in the archive outside the ledger's folder, one at a time: there may be hundreds of thousands. */
export async function* batchFiles(layout: Layout): AsyncGenerator<FoundFile> {
  try {
    yield* filesBelow(layout.archive, layout.ledger, FOLDERS);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/**
 * The files of each stream's newest day, and of the days from one on, given as YYYY/MM/DD (all if it is empty): where runs write. Takes as long for an
 * archive of years as for one of days.
 */
export async function* newestBatchFiles(layout: Layout, day: string): AsyncGenerator<FoundFile> {
  for (const source of await foldersIn(layout.archive)) {
    if (source === layout.ledger) continue;
    for (const stream of await foldersIn(source)) {
      const [year = '', month = '', date = ''] = day.split('/');
      for (const folder of await dayFolders(stream, [year, month, date])) {
        yield* filesBelow(folder, layout.ledger, 0);
      }
    }
  }
}

/** @param from what is left of the day: year, month and day, month and day, or the day */
async function dayFolders(folder: string, from: readonly string[]): Promise<string[]> {
  const [first, ...rest] = from;
  if (first === undefined) return [folder];
  const dated = (await foldersIn(folder)).filter((path) => /^\d+$/.test(basename(path)));
  const days = dated.map(async (path) => {
    const name = basename(path);
    if (name === first) return await dayFolders(path, rest);
    if (name > first)
      return await dayFolders(
        path,
        rest.map(() => ''),
      );
    return path === dated.at(-1)
      ? await dayFolders(
          path,
          rest.map(() => LATEST),
        )
      : [];
  });
  return (await Promise.all(days)).flat();
}

/** Comes after every year, month and day. */
const LATEST = '~';

/** The folders in a folder, by their names; none if it is not there. */
async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    return names.toSorted().map((name) => join(folder, name));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

async function* filesBelow(
  folder: string,
  except: string,
  depth: number,
): AsyncGenerator<FoundFile> {
  const entries = await opendir(folder);
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield { path, isPlain: entry.isFile() };
    // A name that is not UTF-8 cannot be opened once it has been decoded, and is none that auditlake writes.
    else if (depth === 0 || entry.name.includes('\ufffd')) yield { path, isPlain: false };
    else if (path !== except) yield* filesBelow(path, except, depth - 1);
  }
}

/** The seq of a batch file that was pruned; null for any other file. */
export function prunedSeq(path: string, pruned: readonly SeqRange[]): number | null {
  const seq = seqOfBatch(basename(path));
  return seq !== null && contains(pruned, seq) ? seq : null;
}

/**
 * Whether a crash or a full disk may have left a file, given that no line commits it: a batch on the way to its name, or one whose
 * line was not written.
 *
 * @param file relative to the archive
 * @param seq  of the last line
 */
export function isUncommitted(file: string, seq: number): boolean {
  if (file.endsWith(TEMPORARY)) return BATCH_FILE.test(file.slice(0, -TEMPORARY.length));
  // The next number, or the one after it if a segment would have been opened first.
  const of = BATCH_FILE.test(file) ? seqOfBatch(basename(file)) : null;
  return of === seq + 1 || of === seq + 2;
}
