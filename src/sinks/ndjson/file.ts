import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, syncToDisk } from '../../platform/durable.ts';
import { fileError, writableAt } from './file-error.ts';
import { portionsOf, type LineTarget } from './lines.ts';
import { cutTornLine } from './torn-line.ts';

/** Lines at the end of a file. A portion is delivered when it is on disk. */
export function fileTarget(name: string, path: string): LineTarget {
  return {
    async write(parcel, format, signal) {
      let handle: FileHandle | undefined;
      try {
        for await (const { text, rows, last } of portionsOf(parcel, format, signal)) {
          handle ??= await opened(name, path);
          await append(name, path, handle, text);
          await parcel.delivered(last, rows);
        }
      } finally {
        await handle?.close();
      }
    },
    check: () => writableAt(name, path),
    close: async () => undefined,
  };
}

async function opened(name: string, path: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    await makeFolder(dirname(path));
    handle = await open(path, 'a+', 0o600);
    await cutTornLine(name, path, handle);
    await syncToDisk(dirname(path));
    return handle;
  } catch (error) {
    await handle?.close();
    throw fileError(name, `opening ${path}`, error);
  }
}

async function append(name: string, path: string, handle: FileHandle, text: string): Promise<void> {
  const { size } = await handle.stat();
  try {
    await handle.appendFile(text);
    await handle.sync();
  } catch (error) {
    // A disk that is full for a week of nights should not leave seven copies of what still fitted.
    await handle.truncate(size).catch(() => undefined);
    throw fileError(name, `writing to ${path}`, error);
  }
}
