import { constants, copyFile, writeFile } from 'node:fs/promises';
import { isHeldHere } from '../../platform/held-files.ts';
import { streamPlain } from '../../platform/plain-file.ts';

/** Copies a generation: where the file system can, without copying its content. */
export async function copyOfGeneration(from: string, to: string): Promise<void> {
  // That closes the file, and with it the lock of whoever reads it in this process.
  if (await isHeldHere(from)) await writeFile(to, streamPlain(from), { mode: 0o600 });
  else await copyFile(from, to, constants.COPYFILE_FICLONE);
}
