/**
 * Writes that leave either the old state or the new one after a power cut, and hashes of what was written. A file is on disk
 * only once both it and the folder that names it have been fsynced.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsent, streamPlain } from './plain-file.ts';

/** SHA-256 of a plain file, in hex. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of streamPlain(path)) hash.update(piece);
  return hash.digest('hex');
}

/** Makes the content of a file or folder survive a power cut. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a folder and any missing parents, and syncs each parent so that the new entry survives a power cut. */
export async function makeFolder(folder: string): Promise<void> {
  if (!(await makeOne(folder))) {
    // Level by level: Node's own recursive mkdir loops forever where no folder can be created, for example in /proc.
    await makeFolder(dirname(folder));
    if (!(await makeOne(folder))) throw new Error(`cannot create the folder ${folder}`);
  }
}

/** @returns false if the folder above is missing */
async function makeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (isAbsent(error) && dirname(folder) !== folder) return false;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return true;
    throw error;
  }
  await syncToDisk(dirname(folder));
  return true;
}

/** Writes a whole file. Readers find the old content or the new, never a part of it. The folder must exist. */
export async function writeDurably(file: string, content: Buffer | string): Promise<void> {
  const temporary = `${file}.tmp`;
  // Not into what somebody put there: a pipe would never answer, and a link leads elsewhere.
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncToDisk(dirname(file));
}

/**
 * Appends to a file, which is created if it is missing; its folder is not synced. If that fails, for example on a full disk, the
 * file is cut back to what it was, so that it ends in a whole line again.
 */
export async function appendDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    const { size } = await handle.stat();
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch (error) {
      await handle.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

/** Removes a file, if it is there, in a way that survives a power cut. */
export async function removeDurably(file: string): Promise<void> {
  await rm(file, { force: true });
  await syncToDisk(dirname(file));
}
