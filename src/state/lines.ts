import { createReadStream } from 'node:fs';

/** One line of a file, without its newline. A last line without one is `torn`. */
export type Line = { bytes: Buffer; torn: boolean };

const NEWLINE = 0x0a;

/** auditlake writes no line near this length. A longer one is skipped and yielded as an empty line, which it does not write either. */
const LONGEST = 64 * 1024 * 1024;

/**
 * Streams the lines of a file. Unlike `readline` it tells a torn last line from a whole one, and it keeps bytes: once decoded,
 * two damaged lines could look the same.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (piece: Buffer): Buffer => {
    const whole = length + piece.length;
    const bytes =
      whole > LONGEST
        ? Buffer.alloc(0)
        : pieces.length === 0
          ? piece
          : Buffer.concat([...pieces, piece]);
    pieces = [];
    length = 0;
    return bytes;
  };
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield { bytes: take(bytes.subarray(start, end)), torn: false };
      start = end + 1;
    }
    const rest = bytes.subarray(start);
    if (rest.length === 0) continue;
    length += rest.length;
    if (length <= LONGEST) pieces.push(rest);
    else pieces = [];
  }
  if (length > 0) yield { bytes: take(Buffer.alloc(0)), torn: true };
}
