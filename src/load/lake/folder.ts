import { opendir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAbsent } from '../../platform/plain-file.ts';
import { LAKE_TABLES } from '../tables.ts';
import { BARRIER_PATH, FIXED_PATH, isOfRows, tableOf } from './paths.ts';

/** Where files are written before they are moved. Nothing in it ends in `.parquet` for a reader to find. */
export const STAGING = '.staged';

const TABLES = new Set(LAKE_TABLES.map(({ name }) => name));

/** `.files`, table, source and month. What lies deeper is not ours, and may be deeper than a path can say. */
const FOLDERS = 4;

/** All files of the lake, relative to it, in order. A folder where the lake has none is named like a file. */
export async function filesOf(lake: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of filesBelow(lake, '', FOLDERS)) found.push(path);
  return found.toSorted();
}

async function* filesBelow(lake: string, folder: string, depth: number): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(join(lake, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && depth > 0 && !entry.name.includes('\ufffd')) {
        yield* filesBelow(lake, path, depth - 1);
      } else yield path;
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** What of some paths has to go: in the folders that people read, and of the immutable files. */
export type Strays = { shown: string[]; fixed: string[] };

/** The files with rows among some paths that are not kept. What is not named as ours are is somebody else's. */
export function straysAmong(paths: readonly string[], kept: ReadonlySet<string>): Strays {
  const strays = paths.filter(
    (path) =>
      (isOfRows(path) || BARRIER_PATH.test(path)) && TABLES.has(tableOf(path)) && !kept.has(path),
  );
  return {
    shown: strays.filter((path) => !FIXED_PATH.test(path)),
    fixed: strays.filter((path) => FIXED_PATH.test(path)),
  };
}

/** Removes files, and the folders that are empty then. */
export async function removeFiles(lake: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await rm(join(lake, path), { force: true });
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      // Only an empty folder goes.
      const gone = await rmdir(join(lake, folder)).then(
        () => true,
        () => false,
      );
      if (!gone) break;
    }
  }
}
