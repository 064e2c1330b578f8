/** What no document says of an answer, so that a reader copes with each possibility. `check` says which was met. Pure. */
import { counted } from '../platform/counted.ts';
import { instantOf } from '../platform/instant.ts';

export type Unknown = {
  /** A phrase: `when a review was made`. */
  what: string;
  /** Where it may be, the most likely first: names from the top level down, joined by dots. `*` is any element, nothing is the body. */
  places: readonly string[];
  /** What shows it: an answer of the API, or a file that it links to. Default: an answer. */
  shownBy?: 'answer' | 'file';
};

/** Where it was met, and in what form; `place` is null where an answer that should have it has it nowhere. */
export type Met = { place: string | null; form: string };

/** What an answer shows of it; null if there is nothing in it that could. Values are never quoted. */
export function metIn({ places }: Unknown, body: Buffer): Met | null {
  const whole = valueIn(body);
  const answer = whole ?? [valueIn(firstLine(body))];
  let couldBe = false;
  for (const place of places) {
    if (place === '')
      return { place, form: whole === undefined ? 'a JSON value per line' : formOf(whole) };
    for (const value of valuesAt(answer, place.split('.'))) {
      couldBe = true;
      if (value !== undefined && value !== null) return { place, form: formOf(value) };
    }
  }
  return couldBe ? { place: null, form: '' } : null;
}

/** Undefined where it is not one JSON value. */
function valueIn(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function firstLine(body: Buffer): Buffer {
  const end = body.indexOf('\n');
  return end < 0 ? body : body.subarray(0, end);
}

/** One value, possibly undefined, of each object that could have the last name. */
function* valuesAt(value: unknown, names: readonly string[]): Generator {
  const [name, ...rest] = names;
  if (name === undefined) yield value;
  else if (typeof value !== 'object' || value === null) return;
  else if (name === '*') {
    for (const element of Object.values(value)) yield* valuesAt(element, rest);
  } else if (Object.hasOwn(value, name)) {
    yield* valuesAt((value as Record<string, unknown>)[name], rest);
  } else if (rest.length === 0 && !Array.isArray(value)) yield undefined;
}

function formOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? `a number, ${counted(digitsOf(value), 'digit')}`
      : 'a fraction';
  }
  if (typeof value !== 'string') return 'nothing';
  if (/^[+-]?\d+(\.\d+)?$/.test(value)) return 'a number as a text';
  if (instantOf(value) === null) return 'a text';
  return /^\s*\d{4}-\d\d-\d\d\s*$/.test(value) ? 'a day' : 'an instant';
}

/** Seconds since 1970 have ten, milliseconds thirteen. */
function digitsOf(value: number): number {
  return BigInt(Math.abs(value)).toString().length;
}
