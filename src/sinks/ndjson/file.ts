import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, syncToDisk } from '../../platform/durable.ts';
import { fileError } from './answers.ts';
import { linesOf, type Writer } from './encode.ts';
import { cutTornLine } from './torn-line.ts';

/** Lines appended to a file. They are acknowledged when they are on disk. */
export function fileWriter(name: string, path: string): Writer {
  return async (delivery, format, signal) => {
    let handle: FileHandle | undefined;
    try {
      for await (const { text, rows, last } of linesOf(delivery, format, signal)) {
        handle ??= await opened(name, path);
        await append(name, path, handle, text);
        await delivery.acknowledged(last, rows);
      }
    } finally {
      await handle?.close();
    }
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
    // A disk that stays full for a week must not end up with seven copies of whatever still fitted.
    await handle.truncate(size).catch(() => undefined);
    throw fileError(name, `writing to ${path}`, error);
  }
}
