/**
 * The one way to read what belongs to a home. Whoever may write there can put a pipe, a device or a link in the place of a file:
 * a pipe would never answer, a device never end, a link lead elsewhere.
 */
import { close, constants, createReadStream, fstat, open } from 'node:fs';
import { promisify } from 'node:util';

// Node's promises hand out handles, which nothing but the garbage collector closes where a generator is left early.
const [openFd, statFd, closeFd] = [promisify(open), promisify(fstat), promisify(close)];

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
  const { fd, size } = await openPlain(path);
  const { start: asked = 0, end: limit = size } = range;
  const start = asked < 0 ? Math.max(0, size + asked) : asked;
  const end = Math.min(size, limit) - 1;
  if (end < start) {
    await closeFd(fd);
    return;
  }
  const stream = createReadStream('', { fd, start, end, highWaterMark: CHUNK });
  for await (const chunk of stream) yield chunk as Buffer;
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
  const { fd, size } = await openPlain(path);
  await closeFd(fd);
  return size;
}

/** Whether an error says that nothing is there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function openPlain(path: string): Promise<{ fd: number; size: number }> {
  let fd: number;
  try {
    fd = await openFd(path, FLAGS);
  } catch (error) {
    throw NO_FILE.has(String((error as NodeJS.ErrnoException).code)) ? notPlain(path) : error;
  }
  try {
    const found = await statFd(fd);
    if (!found.isFile()) throw notPlain(path);
    return { fd, size: found.size };
  } catch (error) {
    await closeFd(fd);
    throw error;
  }
}

function notPlain(path: string): Error {
  return failure('ENOTFILE', `${path} is a link, a folder, a pipe or the like, not a plain file`);
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
