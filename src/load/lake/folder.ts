import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { FILE_PATH } from './manifest.ts';
import { LAKE_TABLES } from '../tables.ts';

/** The staging folder. No name in it ends in `.parquet`, so no reader picks it up. */
export const STAGING = '.staged';

const TABLES = new Set(LAKE_TABLES.map(({ name }) => name));

/** All files of the lake, relative to it, in order. */
export async function filesOf(lake: string): Promise<string[]> {
  const entries = await readdir(lake, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(lake, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

/** Removes days that the manifest does not name. Leaves files alone that are not named as ours are. */
export async function removeStrays(lake: string, kept: ReadonlySet<string>): Promise<number> {
  let removed = 0;
  for (const path of await filesOf(lake)) {
    const ours = FILE_PATH.test(path) && TABLES.has(path.split('/')[0] ?? '');
    if (!ours || kept.has(path)) continue;
    await rm(join(lake, path), { force: true });
    removed++;
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      // Removes empty folders only.
      const gone = await rmdir(join(lake, folder)).then(
        () => true,
        () => false,
      );
      if (!gone) break;
    }
  }
  return removed;
}
