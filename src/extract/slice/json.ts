/**
 * Cuts the records out of a response body as exact byte ranges. A record that went through
 * JSON.parse and JSON.stringify would not be what the vendor said: large integers, key order,
 * escapes and lone surrogates change on the way.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export type Sliced = {
  records: Buffer[];
  /** The body with the list emptied, parsed: totals, cursors, echoes. */
  envelope: unknown;
};

/** The body is not a complete JSON text with the list in it. Often a cut answer, so worth a repeat. */
export class MalformedBody extends Error {
  override name = 'MalformedBody';
}

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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedBody(`the body is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** The object under a top-level key as it was served; the whole body where it has no such key. */
export function sliceObject(body: Buffer, key: string): Buffer {
  parse(body.toString('utf8'));
  const start = skipSpace(body, 0);
  if (body[start] !== OPEN_OBJECT) throw new MalformedBody('the body is no object');
  const open = findValue(body, start, key, OPEN_OBJECT);
  return open === null ? body : body.subarray(open, objectEnd(body, open) + 1);
}

/**
 * The values of some top-level fields of a record, without building the rest: most of a log's bytes are not needed to
 * place a record. Reading ends when `enough` is among them; of a key that comes twice the first counts, as in
 * DuckDB. Null if the text has to be parsed whole to be sure.
 */
export function topLevel(
  record: Buffer,
  names: readonly string[],
  enough: (fields: Record<string, unknown>) => boolean,
): Record<string, unknown> | null {
  if (record[0] !== OPEN_OBJECT) return null;
  const fields: Record<string, unknown> = {};
  let depth = 0;
  for (let i = 0; i < record.length; i += 1) {
    const byte = record[i];
    if (byte === QUOTE) {
      const end = stringEnd(record, i);
      const colon = depth === 1 ? skipSpace(record, end + 1) : 0;
      if (depth === 1 && record[colon] === COLON) {
        const key = record.toString('latin1', i + 1, end);
        // An escape in a key may hide any name.
        if (key.includes('\\')) return null;
        if (names.includes(key)) {
          const value = scalarAt(record, skipSpace(record, colon + 1));
          if (value === null) return null;
          fields[key] ??= value.of;
          if (enough(fields)) return fields;
          i = value.end;
          continue;
        }
        i = colon;
      } else i = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
  }
  return depth === 0 ? fields : null;
}

/** A text or number; null for anything else. `end` is its last byte. */
function scalarAt(record: Buffer, start: number): { of: unknown; end: number } | null {
  let end = start;
  if (record[start] === QUOTE) end = stringEnd(record, start);
  else while (isNumberPart(record[end + 1])) end += 1;
  try {
    const of: unknown = JSON.parse(record.toString('utf8', start, end + 1));
    return typeof of === 'string' || typeof of === 'number' ? { of, end } : null;
  } catch {
    return null;
  }
}

function isNumberPart(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  // 0-9, and + - . E e
  return (byte >= 0x30 && byte <= 0x39) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].includes(byte);
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

/**
 * Where the value of `key` begins, directly in the object that opens at `start`; null if the object, read to its
 * end, has none that begins with `opener`.
 */
function findValue(body: Buffer, start: number, key: string, opener: number): number | null {
  let depth = 0;
  for (let i = start; i < body.length; i += 1) {
    const byte = body[i];
    if (byte === QUOTE) {
      const end = stringEnd(body, i);
      const after = skipSpace(body, end + 1);
      if (depth === 1 && body[after] === COLON) {
        const value = skipSpace(body, after + 1);
        if (body[value] === opener && body.toString('utf8', i + 1, end) === key) return value;
      }
      i = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return null;
    }
  }
  throw new MalformedBody('the body ends in the middle');
}

function objectEnd(body: Buffer, open: number): number {
  let depth = 0;
  for (let i = open; i < body.length; i += 1) {
    const byte = body[i];
    if (byte === QUOTE) i = stringEnd(body, i);
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  throw new MalformedBody('the body ends in the middle');
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

/** The index of the quote that closes the string opened at `open`. */
function stringEnd(body: Buffer, open: number): number {
  for (let i = open + 1; i < body.length; i += 1) {
    const byte = body[i];
    if (byte === BACKSLASH) i += 1;
    else if (byte === QUOTE) return i;
  }
  throw new MalformedBody('the body ends inside a string');
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipSpace(body: Buffer, from: number): number {
  let i = from;
  while (isSpace(body[i])) i += 1;
  return i;
}

function trimSpace(body: Buffer, start: number, end: number): number {
  let i = end;
  while (i > start && isSpace(body[i - 1])) i -= 1;
  return i;
}
