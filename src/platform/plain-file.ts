/**
 * The one way to read what belongs to a home. Whoever may write there can put a pipe, a device or a link in the place of a file:
 * a pipe would never answer, a device never end, a link lead elsewhere.
 */
import { type BigIntStats, closeSync, constants, fstat, open, read } from 'node:fs';
import { promisify } from 'node:util';
import { closeHeld } from './held-files.ts';

// Node's promises hand out handles, which nothing but the garbage collector closes where a generator is left early.
const [openFd, readFd, statFd] = [promisify(open), promisify(read), promisify(fstat)];

const CHUNK = 1024 * 1024;

// Without blocking: opening a pipe waits for whoever writes into it.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What opening a link, and a socket, fails with. */
const NO_FILE = new Set(['ELOOP', 'EMLINK', 'ENXIO', 'ENODEV']);

/**
 * The bytes of a plain file, up to the size that it has when it is opened.
 *
 * @param range the first byte, and the one behind the last; a negative `start` counts from the end
 * @throws an error of the file system, or one with the code `ENOTFILE` if there is something else in its place
 */
export async function* streamPlain(
  path: string,
  range: { start?: number; end?: number } = {},
): AsyncGenerator<Buffer, void, undefined> {
  const { fd, size, close } = await openPlain(path);
  try {
    const { start: asked = 0, end: limit = size } = range;
    const end = Math.min(size, limit);
    let at = asked < 0 ? Math.max(0, size + asked) : asked;
    while (at < end) {
      const piece = Buffer.allocUnsafe(Math.min(CHUNK, end - at));
      const { bytesRead } = await readFd(fd, piece, 0, piece.length, at);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    close();
  }
}

/** The whole of a small plain file. @throws also, with the code `EFBIG`, if it has more than `limit` bytes */
export async function readPlain(path: string, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of streamPlain(path, { end: limit + 1 })) {
    length += piece.length;
    if (length > limit) throw failure('EFBIG', `${path} has more than ${limit} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** @throws as `streamPlain` */
export async function sizeOfPlain(path: string): Promise<number> {
  const { size, close } = await openPlain(path);
  close();
  return size;
}

/** Whether an error says that nothing is there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

type Opened = { fd: number; size: number; close: () => void };

async function openPlain(path: string): Promise<Opened> {
  let fd: number;
  try {
    fd = await openFd(path, FLAGS);
  } catch (error) {
    throw NO_FILE.has(String((error as NodeJS.ErrnoException).code)) ? notPlain(path) : error;
  }
  let found: BigIntStats;
  try {
    found = await statFd(fd, { bigint: true });
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  const close = (): void => closeHeld(found, () => closeSync(fd));
  if (found.isFile()) return { fd, size: Number(found.size), close };
  close();
  throw notPlain(path);
}

function notPlain(path: string): Error {
  return failure('ENOTFILE', `${path} is a link, a folder, a pipe or the like, not a plain file`);
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
