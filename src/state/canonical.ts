/**
 * What a record says, whatever way it is written: the order of keys, white space, escapes, and numbers that are written as texts
 * or with other digits make no difference. Only for comparing: what is archived are the bytes.
 */

/** The same text for the same content; null for what is no JSON, and for what is nested too deeply to be looked at. */
export function canonical(record: Buffer): string | null {
  // One character per byte: what is not ASCII is only copied.
  const scan: Scan = { text: record.toString('latin1'), at: 0 };
  try {
    const value = valueAt(scan);
    skipSpace(scan);
    return scan.at === scan.text.length ? value : null;
  } catch (error) {
    if (error instanceof NotJson || error instanceof RangeError) return null;
    throw error;
  }
}

type Scan = { readonly text: string; at: number };

class NotJson extends Error {}

const QUOTE = 0x22;
const BACKSLASH = '\\';

function valueAt(scan: Scan): string {
  skipSpace(scan);
  const { text, at } = scan;
  const first = text.charCodeAt(at);
  if (first === QUOTE) return textOrNumber(stringAt(scan));
  if (first === 0x7b) return `{${elementsAt(scan, 0x7d, memberAt).toSorted().join(',')}}`;
  if (first === 0x5b) return `[${elementsAt(scan, 0x5d, valueAt).join(',')}]`;
  let end = at;
  while (isWordPart(text.charCodeAt(end))) end += 1;
  scan.at = end;
  const word = text.slice(at, end);
  if (word === 'true' || word === 'false' || word === 'null') return word;
  const number = numberOf(word);
  if (number === null) throw new NotJson();
  return number;
}

function memberAt(scan: Scan): string {
  skipSpace(scan);
  if (scan.text.charCodeAt(scan.at) !== QUOTE) throw new NotJson();
  const key = stringAt(scan);
  skipSpace(scan);
  if (scan.text.charCodeAt(scan.at) !== 0x3a) throw new NotJson();
  scan.at += 1;
  return `"${key}":${valueAt(scan)}`;
}

function elementsAt(scan: Scan, closing: number, elementAt: (scan: Scan) => string): string[] {
  const { text } = scan;
  const found: string[] = [];
  scan.at += 1;
  skipSpace(scan);
  if (text.charCodeAt(scan.at) === closing) {
    scan.at += 1;
    return found;
  }
  for (;;) {
    found.push(elementAt(scan));
    skipSpace(scan);
    const next = text.charCodeAt(scan.at);
    scan.at += 1;
    if (next === closing) return found;
    if (next !== 0x2c) throw new NotJson();
  }
}

/** What stands between the quotes, with the fewest escapes. */
function stringAt(scan: Scan): string {
  const { text, at } = scan;
  let end = text.indexOf('"', at + 1);
  let from = at + 1;
  for (;;) {
    if (end < 0) throw new NotJson();
    const escape = text.indexOf(BACKSLASH, from);
    if (escape < 0 || escape > end) break;
    from = escape + 2;
    if (escape + 1 === end) end = text.indexOf('"', from);
  }
  scan.at = end + 1;
  const content = text.slice(at + 1, end);
  return from === at + 1 ? content : content.replace(ESCAPE, unescaped);
}

const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|[^])/g;
const LONE_HALF = /^\\ud[89a-f]..$/i;

function unescaped(escape: string): string {
  if (LONE_HALF.test(escape)) return escape.toLowerCase();
  let plain: string;
  try {
    plain = JSON.parse(`"${escape}"`) as string;
  } catch {
    throw new NotJson();
  }
  if (plain === '"' || plain === BACKSLASH) return BACKSLASH + plain;
  return Buffer.from(plain, 'utf8').toString('latin1');
}

function textOrNumber(content: string): string {
  const first = content.charCodeAt(0);
  const mayBeNumber = first === 0x2d || (first >= 0x30 && first <= 0x39);
  return (mayBeNumber ? numberOf(content) : null) ?? `"${content}"`;
}

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const PLAIN = /^(?:0|-?[1-9]\d{0,14})$/;

/** Zeros that are written out; more of them would make a long text of a short one. */
const MOST_ZEROS = 15;

/** Digits are never rounded. Null if it is no number of JSON. */
function numberOf(text: string): string | null {
  if (PLAIN.test(text)) return text;
  const found = NUMBER.exec(text);
  if (found === null) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = found;
  const all = (whole + fraction).replace(/^0+/, '');
  if (all === '') return '0';
  const digits = all.replace(/0+$/, '');
  const exponent = BigInt(power) - BigInt(fraction.length) + BigInt(all.length - digits.length);
  if (exponent >= 0n && exponent <= MOST_ZEROS) {
    return sign + digits + '0'.repeat(Number(exponent));
  }
  return `${sign}${digits}e${exponent}`;
}

function skipSpace(scan: Scan): void {
  const { text } = scan;
  for (let code = text.charCodeAt(scan.at); ; code = text.charCodeAt(scan.at)) {
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    scan.at += 1;
  }
}

/** Of a number, or of true, false and null. */
function isWordPart(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x45
  );
}
