import type { Hash } from 'node:crypto';
import { streamPlain } from '../platform/plain-file.ts';

/** One line of a file, without its newline. A last line without one is `torn`. */
export type Line = { bytes: Buffer; torn: boolean };

const NEWLINE = 0x0a;

/** auditlake writes no line near this length. A longer one is yielded as an empty line, which it does not write either, and ends the file. */
const LONGEST = 64 * 1024 * 1024;

/**
 * Streams the lines of a file. Unlike `readline` it tells a torn last line from a whole one, and it keeps bytes: once decoded,
 * two damaged lines could look the same.
 *
 * @param hash takes in the whole file on the way, if it is read to its end
 * @param before the byte before which it ends; left out for all of the file
 */
export async function* readLines(file: string, hash?: Hash, before?: number): AsyncGenerator<Line> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const bytes of streamPlain(file, before === undefined ? {} : { end: before })) {
    hash?.update(bytes);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const last = bytes.subarray(start, end);
      yield { bytes: pieces.length === 0 ? last : Buffer.concat([...pieces, last]), torn: false };
      pieces = [];
      length = 0;
      start = end + 1;
    }
    const rest = bytes.subarray(start);
    if (rest.length === 0) continue;
    length += rest.length;
    pieces.push(rest);
    if (length <= LONGEST) continue;
    yield { bytes: Buffer.alloc(0), torn: false };
    return;
  }
  if (length > 0) yield { bytes: Buffer.concat(pieces), torn: true };
}
