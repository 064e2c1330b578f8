import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, syncToDisk } from '../../platform/durable.ts';
import type { Parcel, Position, RowFormat } from '../port.ts';
import { fileError, writableAt } from './file-error.ts';
import { portionsOf, type LineTarget } from './lines.ts';

/**
 * One file per delivery, whole once it has its name `<table>-<first seq>-<last seq>.ndjson`. A delivery that is repeated
 * after a crash replaces its file.
 */
export function folderTarget(name: string, folder: string): LineTarget {
  return {
    async write(parcel, format, signal) {
      // Hidden, so that nobody's `*.ndjson` finds it; always the same, so that a crash leaves one at most.
      const temporary = join(folder, `.${parcel.table.name}.ndjson.tmp`);
      try {
        const written = await writeAll(name, temporary, parcel, format, signal);
        if (written === null) return;
        const file = join(folder, `${parcel.table.name}-${written.first}-${parcel.to}.ndjson`);
        await named(temporary, file).catch((error: unknown) => {
          throw fileError(name, `naming ${file}`, error);
        });
        await parcel.delivered(written.last, written.rows);
      } finally {
        // What failed is told by its own error.
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },
    check: () => writableAt(name, folder),
    close: async () => undefined,
  };
}

type Written = { first: number; last: Position; rows: number };

/** @returns null, with no file made, if there is no row */
async function writeAll(
  name: string,
  file: string,
  parcel: Parcel,
  format: RowFormat,
  signal: AbortSignal,
): Promise<Written | null> {
  let handle: FileHandle | undefined;
  let first: Position | undefined;
  let last: Position | undefined;
  let rows = 0;
  const failed = (error: unknown): never => {
    throw fileError(name, `writing to ${file}`, error);
  };
  try {
    for await (const portion of portionsOf(parcel, format, signal)) {
      handle ??= await opened(file).catch(failed);
      await handle.appendFile(portion.text).catch(failed);
      first ??= portion.first;
      last = portion.last;
      rows += portion.rows;
    }
    await handle?.sync().catch(failed);
  } finally {
    await handle?.close();
  }
  return first && last ? { first: first.seq, last, rows } : null;
}

async function opened(file: string): Promise<FileHandle> {
  await makeFolder(dirname(file));
  return open(file, 'w', 0o600);
}

async function named(temporary: string, file: string): Promise<void> {
  await rename(temporary, file);
  await syncToDisk(dirname(file));
}
