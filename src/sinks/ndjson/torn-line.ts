import type { FileHandle } from 'node:fs/promises';
import { AuditlakeError, EXIT } from '../../errors.ts';

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;
const BRACE = 0x7b;

/**
 * Cuts a last line without its newline, which a crash left behind: what is appended would otherwise become a part of it.
 * @throws AuditlakeError with exit 4 if the path is no file or its last line was not begun by us
 */
export async function cutTornLine(name: string, path: string, handle: FileHandle): Promise<void> {
  const found = await handle.stat();
  if (!found.isFile()) throw notOurs(name, `${path} is not a regular file`);
  const end = await endOfLastLine(handle, found.size);
  if (end === found.size) return;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, end);
  if (buffer[0] !== BRACE) throw notOurs(name, `the end of ${path} is no line of JSON`);
  await handle.truncate(end);
}

/** The offset after the last newline; 0 if there is none. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(CHUNK);
  for (let end = size; end > 0; end -= CHUNK) {
    const start = Math.max(0, end - CHUNK);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

function notOurs(name: string, what: string): AuditlakeError {
  return new AuditlakeError(
    'ndjson-file',
    `sink ${name}: ${what}`,
    'set the path to a file that is for this sink alone, or to a folder with a slash at its end',
    EXIT.person,
  );
}
