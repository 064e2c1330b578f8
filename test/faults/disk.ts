/**
 * A disk that can be broken: every write below one folder is counted and may fail. It replaces what `node:fs` exports,
 * so that the product runs as it is. What DuckDB writes goes past it.
 */
import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { relative, resolve } from 'node:path';
import { callbackify } from 'node:util';

/** One write, numbered from 0. `path` is relative to the folder. */
export type Write = { place: number; operation: string; path: string };

/** How much of a write is done, and with what it fails then; null: it does not. Only content can be half done. */
export type Fate = { done: 'all' | 'half' | 'nothing'; fail: (() => Error) | null };

export type Trouble = (write: Write) => Fate;

export type Disk = { writes: Write[]; restore(): void };

type Work = () => Promise<unknown>;
type Stream = typeof fs.createWriteStream;
type StreamOptions = Exclude<Parameters<Stream>[1], string | undefined>;

/** By the place of the path that they write to. */
const CALLS = {
  mkdir: 0,
  rmdir: 0,
  rm: 0,
  unlink: 0,
  chmod: 0,
  truncate: 0,
  rename: 1,
  symlink: 1,
  link: 1,
  copyFile: 1,
} as const;
const HANDLE_CALLS = ['sync', 'datasync', 'truncate', 'chmod'] as const;

/** Breaks the disk until `restore`. One at a time. */
export function breakDisk(folder: string, trouble: Trouble): Disk {
  const writes: Write[] = [];
  const real = { ...fs.promises };
  const { createWriteStream } = fs;
  const isBelow = (path: string): boolean => !relative(folder, resolve(path)).startsWith('..');

  async function perform(
    operation: string,
    path: string,
    all: Work,
    half?: Work,
  ): Promise<unknown> {
    if (!isBelow(path) || changesNothing(operation, path)) return await all();
    const write = { place: writes.length, operation, path: relative(folder, resolve(path)) };
    writes.push(write);
    const { done, fail } = trouble(write);
    let result: unknown;
    if (done === 'all') result = await all();
    if (done === 'half') await half?.();
    if (fail !== null) throw fail();
    return result;
  }

  function watched(handle: FileHandle, path: string): FileHandle {
    for (const name of HANDLE_CALLS) {
      const call = handle[name].bind(handle) as (...given: unknown[]) => Promise<unknown>;
      const counted = (...given: unknown[]) => perform(name, path, () => call(...given));
      Object.assign(handle, { [name]: counted });
    }
    const write = handle.writeFile.bind(handle);
    return Object.assign(handle, {
      writeFile: (content: Buffer | string) =>
        perform(
          'write',
          path,
          () => write(content),
          () => write(halfOf(content)),
        ),
    });
  }

  const calls = Object.entries(CALLS).map(([name, place]) => {
    const call = real[name as keyof typeof CALLS] as (...given: unknown[]) => Promise<unknown>;
    const counted = (...given: unknown[]) =>
      perform(name, String(given[place]), () => call(...given));
    return [name, counted] as const;
  });
  Object.assign(fs.promises, {
    ...Object.fromEntries(calls),
    async open(path: string, flags = 'r', mode?: number) {
      let handle: FileHandle | undefined;
      const all = async (): Promise<FileHandle> => (handle = await real.open(path, flags, mode));
      try {
        const opened = flags === 'r' ? await all() : await perform('open', path, all);
        return isBelow(path) ? watched(opened as FileHandle, path) : opened;
      } catch (error) {
        // What was opened for a caller that is dead.
        await handle?.close();
        throw error;
      }
    },
    writeFile: (path: string, content: Buffer | string, options?: fs.WriteFileOptions) =>
      perform(
        'write',
        path,
        () => real.writeFile(path, content, options),
        () => real.writeFile(path, halfOf(content), options),
      ),
  });
  Object.assign(fs, {
    createWriteStream: (path: string, options: StreamOptions) =>
      createWriteStream(path, { ...options, fs: forStream(path) }),
  });
  syncBuiltinESMExports();

  /** What a stream asks of its file system; each piece is a write like any other. */
  function forStream(path: string): StreamOptions['fs'] {
    return {
      close: fs.close,
      open: callbackify(async (_path: string, flags: string, mode: number) => {
        let opened = -1;
        await perform('open', path, async () => {
          opened = fs.openSync(path, flags, mode);
        });
        return opened;
      }),
      write: callbackify(
        async (fd: number, piece: Buffer, start: number, size: number, at: number) => {
          const put = async (count: number): Promise<void> => {
            fs.writeSync(fd, piece, start, count, at);
          };
          await perform(
            'write',
            path,
            () => put(size),
            () => put(size >> 1),
          );
          return size;
        },
      ),
    };
  }

  return {
    writes,
    restore() {
      Object.assign(fs.promises, real);
      Object.assign(fs, { createWriteStream });
      syncBuiltinESMExports();
    },
  };
}

/** A real disk answers these before it looks whether it could write. */
function changesNothing(operation: string, path: string): boolean {
  if (operation === 'mkdir') return fs.existsSync(path);
  return operation === 'rm' && !fs.lstatSync(path, { throwIfNoEntry: false });
}

function halfOf(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return bytes.subarray(0, bytes.length >> 1);
}
