import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  findValue,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  stringEnd,
  trimSpace,
  valueEnd,
} from './json-bytes.ts';
import { MalformedBody } from './malformed-body.ts';

/**
 * Cuts the records out of a response body as exact byte ranges. A record that went through
 * JSON.parse and JSON.stringify would not be what the vendor said: large integers, key order,
 * escapes and lone surrogates change on the way.
 */

export type Sliced = {
  records: Buffer[];
  /** The body with the list emptied, parsed: totals, cursors, echoes. */
  envelope: unknown;
};

/**
 * Finds the list under the first of the `paths` that the body has (or the top-level array itself) and returns its
 * elements. The slices share memory with `body`.
 *
 * @param paths keys from the top level down, joined by dots: `items`, `usage.data`
 * @throws MalformedBody if the body is cut, is not JSON outside the records, or has no such list
 */
export function sliceList(body: Buffer, paths: readonly string[]): Sliced {
  const open = listStart(body, paths);
  const { records, close } = sliceElements(body, open);
  const outside = body.toString('utf8', 0, open + 1) + body.toString('utf8', close);
  return { records, envelope: parse(outside) };
}

/** The object under a top-level key as it was served; the whole body where it has no such key. */
export function sliceObject(body: Buffer, key: string): Buffer {
  parse(body.toString('utf8'));
  const start = skipSpace(body, 0);
  if (body[start] !== OPEN_OBJECT) throw new MalformedBody('the body is no object');
  const open = findValue(body, start, key, OPEN_OBJECT);
  return open === null ? body : body.subarray(open, valueEnd(body, open));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedBody(`the body is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** The paths in order of preference: a body may have an empty list under an older name as well. */
function listStart(body: Buffer, paths: readonly string[]): number {
  const start = skipSpace(body, 0);
  if (body[start] === OPEN_LIST) return start;
  if (body[start] !== OPEN_OBJECT) throw new MalformedBody('the body is neither object nor list');
  for (const path of paths) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at: number | null = start;
    for (const key of keys) at = at === null ? null : findValue(body, at, key, OPEN_OBJECT);
    const open = at === null ? null : findValue(body, at, last, OPEN_LIST);
    if (open !== null) return open;
  }
  throw new MalformedBody(`the body has no list named ${paths.join(' or ')}`);
}

function sliceElements(body: Buffer, open: number): { records: Buffer[]; close: number } {
  const records: Buffer[] = [];
  let depth = 0;
  let start = skipSpace(body, open + 1);
  for (let i = start; i < body.length; i += 1) {
    const byte = body[i];
    if (byte === QUOTE) i = stringEnd(body, i);
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
    else if (depth > 0) {
      if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
    } else if (byte === COMMA || byte === CLOSE_LIST) {
      const end = trimSpace(body, start, i);
      const empty = end === start;
      if (!empty) records.push(body.subarray(start, end));
      if (byte === CLOSE_LIST) {
        if (empty && records.length > 0) throw new MalformedBody('a list ends with a comma');
        return { records, close: i };
      }
      if (empty) throw new MalformedBody('a list has an empty place');
      start = skipSpace(body, i + 1);
      i = start - 1;
    }
  }
  throw new MalformedBody('the body ends inside the list');
}
