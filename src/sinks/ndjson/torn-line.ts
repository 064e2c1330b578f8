import type { FileHandle } from 'node:fs/promises';
import { foreignFile } from './answers.ts';

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
const BRACE = 0x7b;

/**
 * Cuts a last line without its newline, left by a crash: the next line would become a part of it.
 * @throws AuditlakeError with exit 4 if the path is not a file, or its last line does not begin as one of ours
 */
export async function cutTornLine(name: string, path: string, handle: FileHandle): Promise<void> {
  const found = await handle.stat();
  if (!found.isFile()) throw foreignFile(name, `${path} is not a regular file`);
  const end = await endOfLastLine(handle, found.size);
  if (end === found.size) return;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, end);
  if (buffer[0] !== BRACE) throw foreignFile(name, `the end of ${path} is not a line of JSON`);
  await handle.truncate(end);
}

/** The offset after the last newline; 0 if there is none. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let end = size; end > 0; end -= CHUNK_BYTES) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}
