/**
 * What a record says, as 64 bits, whatever way it is written: the order of keys, white space, escapes, and numbers that are written
 * as texts or with other digits make no difference. Only for comparing within one process: what is archived are the bytes.
 *
 * One pass over the bytes that builds nothing, since every record of every run goes through it. Two keyed lanes: whoever serves a record
 * knows neither keys nor result, and so cannot make two contents look the same.
 */
import { randomInt } from 'node:crypto';
import { NotJson, plainNumber, plainText } from './json-scalars.ts';

// Here and below numbers are signed: V8 keeps those of 32 bits as they are, and would make an object of each larger one.
const odd = (): number => (randomInt(2 ** 31) * 2 + 1) | 0;
const [A, B, C, D] = [odd(), odd(), odd(), odd()] as const;
const SEED = randomInt(2 ** 32) | 0;

/** By their first byte. */
const WORDS: Record<number, Buffer> = Object.fromEntries(
  ['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]),
);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a value is, so that none is taken for one of another kind. */
const TEXT = 1;
const NUMBER = 2;
const WORD = 3;
const LIST = 4;
const OBJECT = 5;
const NO_JSON = 6;

/** The lanes of the last value. Not a pair: one would be made for every value. */
let low = 0;
let high = 0;

export function contentHash(record: Buffer, context: string): [number, number] {
  try {
    const end = skipSpace(record, valueAt(record, skipSpace(record, 0)));
    if (end !== record.length) throw new NotJson();
  } catch (error) {
    if (!(error instanceof NotJson || error instanceof RangeError)) throw error;
    hashBytes(record, 0, record.length, NO_JSON);
  }
  if (context !== '') {
    const [a, b] = [low, high];
    hashText(context, TEXT);
    mix(a, b);
  }
  return [low, high];
}

/** Hashes the value that begins at `at`. @returns where it ends */
function valueAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first === QUOTE) return stringAt(bytes, at, true);
  if (first === 0x7b) return objectAt(bytes, at);
  if (first === 0x5b) return listAt(bytes, at);
  let end = at;
  while (isWordPart(bytes[end])) end += 1;
  const isNumber = isDigit(first) || first === 0x2d;
  if (isNumber ? !numberAt(bytes, at, end) : !wordAt(bytes, at, end)) throw new NotJson();
  return end;
}

/** Members in any order: their hashes are added up. */
function objectAt(bytes: Buffer, open: number): number {
  let a = 0;
  let b = 0;
  let count = 0;
  let at = skipSpace(bytes, open + 1);
  if (bytes[at] !== 0x7d) {
    for (;;) {
      if (bytes[at] !== QUOTE) throw new NotJson();
      at = skipSpace(bytes, stringAt(bytes, at, false));
      if (bytes[at] !== 0x3a) throw new NotJson();
      const keyLow = low;
      const keyHigh = high;
      at = skipSpace(bytes, valueAt(bytes, skipSpace(bytes, at + 1)));
      mix(keyLow, keyHigh);
      a = (a + low) | 0;
      b = (b + high) | 0;
      count += 1;
      if (bytes[at] === 0x7d) break;
      if (bytes[at] !== 0x2c) throw new NotJson();
      at = skipSpace(bytes, at + 1);
    }
  }
  low = a;
  high = b;
  mix(OBJECT, count);
  return at + 1;
}

function listAt(bytes: Buffer, open: number): number {
  let a = SEED;
  let b = SEED;
  let count = 0;
  let at = skipSpace(bytes, open + 1);
  if (bytes[at] !== 0x5d) {
    for (;;) {
      at = skipSpace(bytes, valueAt(bytes, at));
      mix(a, b);
      a = low;
      b = high;
      count += 1;
      if (bytes[at] === 0x5d) break;
      if (bytes[at] !== 0x2c) throw new NotJson();
      at = skipSpace(bytes, at + 1);
    }
  }
  low = a;
  high = b;
  mix(LIST, count);
  return at + 1;
}

/** @param mayBeNumber a value that is written as a text; a key is none */
function stringAt(bytes: Buffer, open: number, mayBeNumber: boolean): number {
  const end = simpleStringAt(bytes, open) ?? anyStringAt(bytes, open, mayBeNumber);
  if (mayBeNumber && looksLikeNumber(bytes, open + 1, end)) numberAt(bytes, open + 1, end);
  return end + 1;
}

/**
 * Hashes the string in the pass that looks for its end, four bytes at a time, as nearly all can be.
 *
 * @returns the index of its closing quote; null if it has escapes or control characters, or ends too near the record's end
 */
function simpleStringAt(bytes: Buffer, open: number): number | null {
  const start = open + 1;
  const lastWord = bytes.length - 4;
  let a = SEED ^ TEXT;
  let b = (SEED + TEXT) | 0;
  let at = start;
  for (; at <= lastWord; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    if (endsString(word)) break;
    a = Math.imul(a ^ word, A);
    a ^= a >>> 15;
    b = Math.imul(b + word, B) ^ (b >>> 13);
  }
  for (const most = at + 4; at < most; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      low = a;
      high = b;
      mix(TEXT, at - start);
      return at;
    }
    if (byte === undefined || byte === BACKSLASH || byte < 0x20) return null;
    a = Math.imul(a ^ byte, A);
    a ^= a >>> 15;
    b = Math.imul(b + byte, B) ^ (b >>> 13);
  }
  return null;
}

/** Whether one of four bytes is a quote, a backslash or a control character. Subtracting borrows from the top bit of such a byte only. */
function endsString(word: number): boolean {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  const borrows =
    ((quote - 0x01010101) & ~quote) |
    ((backslash - 0x01010101) & ~backslash) |
    ((word - 0x20202020) & ~word);
  return (borrows & 0x80808080) !== 0;
}

/** @returns the index of its closing quote */
function anyStringAt(bytes: Buffer, open: number, mayBeNumber: boolean): number {
  let isEscaped = false;
  let end = open + 1;
  for (let byte = bytes[end]; byte !== QUOTE; byte = bytes[end]) {
    if (byte === undefined || byte < 0x20) throw new NotJson();
    if (byte === BACKSLASH) {
      isEscaped = true;
      end += 1;
    }
    end += 1;
  }
  if (isEscaped) {
    const text = plainText(bytes.toString('latin1', open + 1, end));
    const number = mayBeNumber ? plainNumber(text) : null;
    hashText(number ?? text, number === null ? TEXT : NUMBER);
  } else hashBytes(bytes, open + 1, end, TEXT);
  return end;
}

/** @returns false, and hashes nothing, if it is none */
function numberAt(bytes: Buffer, start: number, end: number): boolean {
  if (isPlain(bytes, start, end)) {
    hashBytes(bytes, start, end, NUMBER);
    return true;
  }
  const number = plainNumber(bytes.toString('latin1', start, end));
  if (number === null) return false;
  hashText(number, NUMBER);
  return true;
}

/** A whole number of usual length: it is written in one way only. */
function isPlain(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] === 0x30 || end - start > 15) return false;
  for (let at = start; at < end; at += 1) if (!isDigit(bytes[at])) return false;
  return end > start;
}

function wordAt(bytes: Buffer, start: number, end: number): boolean {
  const word = WORDS[bytes[start] ?? 0];
  if (word === undefined || end - start !== word.length) return false;
  for (let at = 1; at < word.length; at += 1) if (bytes[start + at] !== word[at]) return false;
  hashBytes(bytes, start, end, WORD);
  return true;
}

function looksLikeNumber(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start];
  if (!isDigit(first) && first !== 0x2d) return false;
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at];
    if (
      !isDigit(byte) &&
      byte !== 0x2e &&
      byte !== 0x2b &&
      byte !== 0x2d &&
      byte !== 0x45 &&
      byte !== 0x65
    )
      return false;
  }
  return true;
}

function hashBytes(bytes: Buffer, start: number, end: number, kind: number): void {
  let a = SEED ^ kind;
  let b = (SEED + kind) | 0;
  let at = start;
  for (const whole = end - 3; at < whole; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    a = Math.imul(a ^ word, A);
    a ^= a >>> 15;
    b = Math.imul(b + word, B) ^ (b >>> 13);
  }
  for (; at < end; at += 1) {
    a = Math.imul(a ^ (bytes[at] as number), A);
    a ^= a >>> 15;
    b = Math.imul(b + (bytes[at] as number), B) ^ (b >>> 13);
  }
  low = a;
  high = b;
  mix(kind, end - start);
}

/** The same as of the bytes that its characters stand for. */
function hashText(text: string, kind: number): void {
  const bytes = Buffer.from(text, 'latin1');
  hashBytes(bytes, 0, bytes.length, kind);
}

/** Mixes two more numbers into the lanes. */
function mix(one: number, other: number): void {
  let a = Math.imul(low ^ one, A) ^ (high >>> 16);
  let b = Math.imul(high ^ other, B) ^ (a >>> 15);
  a = Math.imul(a ^ (b >>> 13), C);
  b = Math.imul(b ^ (a >>> 16), D);
  low = a ^ (b >>> 15);
  high = b ^ (a >>> 13);
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;) {
    at += 1;
    byte = bytes[at];
  }
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Of a number, or of true, false and null. */
function isWordPart(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x7a) || [0x2b, 0x2d, 0x2e, 0x45].includes(byte);
}
