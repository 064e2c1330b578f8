import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  stringEnd,
} from './json-bytes.ts';

/**
 * The values of some top-level fields of a record, without building the rest: most of a log's bytes are not needed to
 * place a record. Reading ends when `enough` is among them; of a key that comes twice the first counts, as in
 * DuckDB. Null if the text has to be parsed whole to be sure.
 */
export function topLevel(
  record: Buffer,
  isNamed: (key: string) => boolean,
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
        if (isNamed(key)) {
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

/** Nothing that JSON or UTF-8 writes in another way than it is: true of nearly every id and time. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** A text or number; null for anything else. `end` is its last byte. */
function scalarAt(record: Buffer, start: number): { of: unknown; end: number } | null {
  let end = start;
  if (record[start] === QUOTE) {
    end = stringEnd(record, start);
    const text = record.toString('latin1', start + 1, end);
    if (PLAIN.test(text)) return { of: text, end };
  } else while (isNumberPart(record[end + 1])) end += 1;
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
