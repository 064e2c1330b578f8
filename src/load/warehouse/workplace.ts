import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/**
 * Where a database file can be written that is to lie in `folder`: there. Not where the path has a question mark: DuckDB puts
 * the ending of its write-ahead log before the mark, into a folder that is not there.
 */
export async function workplaceFor(folder: string): Promise<string> {
  return folder.includes('?') ? await mkdtemp(join(tmpdir(), 'auditlake-build-')) : folder;
}

/** Brings a closed file to its folder. @returns its path there */
export async function broughtTo(folder: string, path: string): Promise<string> {
  if (dirname(path) === folder) return path;
  const there = join(folder, basename(path));
  await copyFile(path, there);
  return there;
}

/** Removes what was made for a file that is not in its folder. */
export async function leaveWorkplace(folder: string, path: string): Promise<void> {
  if (dirname(path) !== folder) await rm(dirname(path), { recursive: true, force: true });
}
