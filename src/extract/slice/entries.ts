import {
  CLOSE_OBJECT,
  COLON,
  COMMA,
  findValue,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  stringEnd,
  valueEnd,
} from './json-bytes.ts';
import { MalformedBody } from './malformed-body.ts';

/** A field of an object: its name, and its value as it was served. */
export type Entry = { name: string; bytes: Buffer };

/**
 * The fields of the object under a top-level key, for answers that are keyed by whom they are about.
 *
 * @throws MalformedBody if the body has no such object
 */
export function sliceEntries(body: Buffer, key: string): Entry[] {
  const start = skipSpace(body, 0);
  const open = body[start] === OPEN_OBJECT ? findValue(body, start, key, OPEN_OBJECT) : null;
  if (open === null) throw new MalformedBody(`the body has no object named ${key}`);
  const entries: Entry[] = [];
  let at = skipSpace(body, open + 1);
  while (body[at] === QUOTE) {
    const nameEnd = stringEnd(body, at);
    const colon = skipSpace(body, nameEnd + 1);
    const from = skipSpace(body, colon + 1);
    if (body[colon] !== COLON) break;
    const to = valueEnd(body, from);
    const name = JSON.parse(body.toString('utf8', at, nameEnd + 1)) as string;
    entries.push({ name, bytes: body.subarray(from, to) });
    const after = skipSpace(body, to);
    if (body[after] === CLOSE_OBJECT) return entries;
    if (body[after] !== COMMA) break;
    at = skipSpace(body, after + 1);
  }
  if (entries.length === 0 && body[at] === CLOSE_OBJECT) return entries;
  throw new MalformedBody(`the object named ${key} is malformed`);
}
