/**
 * Redaction at the door: where an endpoint mixes what must be recorded with what people wrote, a declared rule puts a text's
 * length and keyed hash in its place before anything is stored. A change of the text is seen, its content is not. Pure.
 */
import { createHmac } from 'node:crypto';
import { QUOTE, stringEnd } from './slice/json-bytes.ts';
import { MalformedBody } from './slice/malformed-body.ts';
import { textsOf } from './slice/texts.ts';

/** Which texts of a body are hidden. */
export type HiddenTexts = {
  /** From the top level down, joined by dots. `*` is any key or element, `**` at the end is all that lies below. */
  path: string;
  /** Fields below `**` that are kept: names, ids and words that say what was done. */
  keep?: readonly string[];
  /** Only in elements (what the first `*` stands for) with one of these values in a field; `x*` is all that begin with `x`. */
  only?: { field: string; values: readonly string[] };
  /** Only texts of more characters: short ones are names and states. */
  longerThan?: number;
};

export type Redaction = {
  /** As the notes of pages name it. A rule that changes gets another name. */
  name: string;
  /** What it hides, in one phrase, for the docs. */
  hides: string;
  texts: readonly HiddenTexts[];
};

/**
 * The body with each hidden text replaced by `redacted:<characters>:<hash>`; every other byte is as it was served. A text has
 * one hash wherever it stands and however it is escaped, as long as the key is the same.
 *
 * @throws MalformedBody, which quotes nothing, if the body is not JSON: then it is not known what is in it
 */
export function redacted(body: Buffer, { texts }: Redaction, key: Buffer): Buffer {
  const value = valueOf(body);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { path, start } of textsOf(body)) {
    const end = stringEnd(body, start);
    const text = JSON.parse(body.toString('utf8', start, end + 1)) as string;
    if (text === '' || !texts.some((hidden) => hides(hidden, path, text, value))) continue;
    pieces.push(body.subarray(from, start), Buffer.from(`"${standIn(text, key)}"`));
    from = end + 1;
  }
  return Buffer.concat([...pieces, body.subarray(from)]);
}

function standIn(text: string, key: Buffer): string {
  const mac = createHmac('sha256', key).update(text, 'utf8').digest('hex').slice(0, 32);
  return `redacted:${charactersIn(text)}:${mac}`;
}

/** Code points: a hidden text is described as a person would count it, and not as this machine stores it. */
function charactersIn(text: string): number {
  return Array.from(text).length;
}

function valueOf(body: Buffer): unknown {
  const start = body.findIndex((byte) => byte > 0x20);
  // A body that is one text has no path that a rule could name.
  if (body[start] === QUOTE) throw new MalformedBody('the body is a text, of which no rule speaks');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new MalformedBody(
      'the body is not JSON, so that what is to be hidden in it was not found',
    );
  }
}

function hides(
  { path, keep = [], only, longerThan = 0 }: HiddenTexts,
  at: readonly string[],
  text: string,
  body: unknown,
): boolean {
  const pattern = path.split('.');
  if (!matches(pattern, at)) return false;
  const field = at.findLast((name) => !/^\d+$/.test(name));
  if (pattern.at(-1) === '**' && field !== undefined && keep.includes(field)) return false;
  if (charactersIn(text) <= longerThan) return false;
  if (only === undefined) return true;
  const element = valueAt(body, at.slice(0, pattern.indexOf('*') + 1));
  const stated = String(valueAt(element, [only.field]));
  return only.values.some((wanted) =>
    wanted.endsWith('*') ? stated.startsWith(wanted.slice(0, -1)) : stated === wanted,
  );
}

function matches(pattern: readonly string[], at: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '**';
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  const isLong = isOpen ? at.length > fixed.length : at.length === fixed.length;
  return isLong && fixed.every((part, i) => part === '*' || part === at[i]);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
