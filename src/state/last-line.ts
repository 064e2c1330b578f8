import { streamPlain } from '../platform/plain-file.ts';

const NEWLINE = 0x0a;

/** Most lines are shorter. */
const FIRST_LOOK = 64 * 1024;
const LONGEST = 64 * 1024 * 1024;

/** The last line of a file, found from its end; empty if it has none that is whole. */
export async function lastLine(file: string): Promise<Buffer> {
  for (let look = FIRST_LOOK; ; look *= 8) {
    const pieces: Buffer[] = [];
    for await (const piece of streamPlain(file, { start: -look })) pieces.push(piece);
    const tail = Buffer.concat(pieces);
    const end = tail.lastIndexOf(NEWLINE);
    const before = end <= 0 ? -1 : tail.lastIndexOf(NEWLINE, end - 1);
    if (before >= 0) return tail.subarray(before + 1, end);
    if (tail.length < look) return tail.subarray(0, Math.max(0, end));
    if (look > LONGEST) return Buffer.alloc(0);
  }
}
