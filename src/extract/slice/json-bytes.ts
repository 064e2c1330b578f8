/** Moves through JSON byte by byte, without building what it passes. */
import { MalformedBody } from './malformed-body.ts';

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/**
 * Where the value of `key` begins, directly in the object that opens at `start`; null if the object, read to its
 * end, has none that begins with `opener`.
 */
export function findValue(body: Buffer, start: number, key: string, opener: number): number | null {
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

/** The index after the value that begins at `from`, of whatever kind, in a list or an object. */
export function valueEnd(body: Buffer, from: number): number {
  let depth = 0;
  for (let i = from; i < body.length; i += 1) {
    const byte = body[i];
    if (byte === QUOTE) {
      i = stringEnd(body, i);
      if (depth === 0) return i + 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
    else if (depth === 0 && (byte === COMMA || byte === CLOSE_OBJECT)) return i;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  throw new MalformedBody('the body ends in the middle');
}

/** The index of the quote that closes the string opened at `open`. */
export function stringEnd(body: Buffer, open: number): number {
  for (let i = open + 1; i < body.length; i += 1) {
    const byte = body[i];
    if (byte === BACKSLASH) i += 1;
    else if (byte === QUOTE) return i;
  }
  throw new MalformedBody('the body ends inside a string');
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function skipSpace(body: Buffer, from: number): number {
  let i = from;
  while (isSpace(body[i])) i += 1;
  return i;
}

export function trimSpace(body: Buffer, start: number, end: number): number {
  let i = end;
  while (i > start && isSpace(body[i - 1])) i -= 1;
  return i;
}
