import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, syncToDisk } from '../../platform/durable.ts';
import type { Position } from '../port.ts';
import { fileError } from './answers.ts';
import { type Lines, linesOf, type Writer } from './encode.ts';

/**
 * One file per delivery, complete once it has its name `<table>-<first seq>-<last seq>.ndjson`. A delivery that is repeated
 * after a crash replaces its file.
 */
export function folderWriter(name: string, folder: string): Writer {
  return async (delivery, format, signal) => {
    const table = delivery.table.name;
    // Hidden, so that no `*.ndjson` matches it; always the same name, so that crashes leave one at most.
    const temporary = join(folder, `.${table}.ndjson.tmp`);
    try {
      const written = await writeAll(name, temporary, linesOf(delivery, format, signal));
      if (written === null) return;
      const file = join(folder, `${table}-${written.first.seq}-${delivery.to}.ndjson`);
      await renameDurably(temporary, file).catch((error: unknown) => {
        throw fileError(name, `renaming the finished file to ${file}`, error);
      });
      await delivery.acknowledged(written.last, written.rows);
    } finally {
      // A failure has been reported by its own error.
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  };
}

type Written = { first: Position; last: Position; rows: number };

/** @returns null, and makes no file, if there are no lines */
async function writeAll(
  name: string,
  file: string,
  lines: AsyncIterable<Lines>,
): Promise<Written | null> {
  let handle: FileHandle | undefined;
  let first: Position | undefined;
  let last: Position | undefined;
  let rows = 0;
  const failed = (error: unknown): never => {
    throw fileError(name, `writing to ${file}`, error);
  };
  try {
    for await (const some of lines) {
      handle ??= await created(file).catch(failed);
      await handle.appendFile(some.text).catch(failed);
      first ??= some.first;
      last = some.last;
      rows += some.rows;
    }
    await handle?.sync().catch(failed);
  } finally {
    await handle?.close();
  }
  return first && last ? { first, last, rows } : null;
}

async function created(file: string): Promise<FileHandle> {
  await makeFolder(dirname(file));
  return open(file, 'w', 0o600);
}

async function renameDurably(temporary: string, file: string): Promise<void> {
  await rename(temporary, file);
  await syncToDisk(dirname(file));
}
