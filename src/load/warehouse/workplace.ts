import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/**
 * Where to build a database file that belongs in `folder`: right there, unless the path has a question mark. DuckDB then
 * puts the ending of its write-ahead log before the mark, into a folder that does not exist.
 */
export async function workplaceFor(folder: string): Promise<string> {
  return folder.includes('?') ? await mkdtemp(join(tmpdir(), 'auditlake-build-')) : folder;
}

/** Copies a closed file to the folder it belongs in, unless it was built there. @returns its path */
export async function copiedTo(folder: string, path: string): Promise<string> {
  if (dirname(path) === folder) return path;
  const there = join(folder, basename(path));
  await copyFile(path, there);
  return there;
}

/** Removes the workplace of a file that was built elsewhere. */
export async function leaveWorkplace(folder: string, path: string): Promise<void> {
  if (dirname(path) !== folder) await rm(dirname(path), { recursive: true, force: true });
}
