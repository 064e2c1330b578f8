import { createReadStream } from 'node:fs';

/** One line of a file. `torn` is a last line without its newline. */
export type Line = { text: string; torn: boolean };

const NEWLINE = 0x0a;

/** Reads lines without holding the file. Unlike `readline` it tells a torn last line from a whole one. */
export async function* lines(file: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const bytes: Buffer =
      rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield { text: bytes.toString('utf8', start, end), torn: false };
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), torn: true };
}
