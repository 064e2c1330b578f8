import { createReadStream } from 'node:fs';

/** One line of a file, without its newline. `torn` is a last line that has none. */
export type Line = { bytes: Buffer; torn: boolean };

const NEWLINE = 0x0a;

/**
 * Reads lines without holding the file. Unlike `readline` it tells a torn last line from a whole one, and it keeps bytes:
 * decoded, two damaged lines could look alike.
 */
export async function* lines(file: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes: Buffer =
      rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield { bytes: bytes.subarray(start, end), torn: false };
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) yield { bytes: rest, torn: true };
}
