/**
 * Writing so that a power cut leaves the old state or the new one. A file is on disk only when it
 * and the folder that names it have both been fsynced.
 */
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder and those above it, each named durably by its parent. */
export async function makeFolder(folder: string): Promise<void> {
  if (!(await makeOne(folder))) {
    // Level by level: Node's own recursive mkdir spins for ever where a folder cannot be made, as below /proc.
    await makeFolder(dirname(folder));
    if (!(await makeOne(folder))) throw new Error(`the folder ${folder} cannot be made`);
  }
}

/** @returns false if the folder above is missing */
async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(folder) !== folder) return false;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return true;
    throw error;
  }
  await syncFolder(dirname(folder));
  return true;
}

/** Writes a whole file: temporary name, fsync, rename, fsync of the folder. */
export async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const folder = dirname(file);
  await makeFolder(folder);
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(folder);
}
