import { refuse } from './errors.ts';

type Params = URLSearchParams;

/** A whole number of the query; undefined when it is not given. */
export function readInteger(
  params: Params,
  name: string,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const text = params.get(name);
  if (text === null) return undefined;
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    refuse(name, 'Input should be a valid integer', 'int_parsing');
  }
  if (value < min) {
    refuse(name, `Input should be greater than or equal to ${min}`, 'greater_than_equal');
  }
  if (value > max) refuse(name, `Input should be less than or equal to ${max}`, 'less_than_equal');
  return value;
}

/** A whole number that must be given. */
export function requiredInteger(params: Params, name: string): number {
  return readInteger(params, name) ?? refuse(name, 'Field required', 'missing');
}

/** One of the words; undefined when it is not given. */
export function readChoice<Word extends string>(
  params: Params,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = params.get(name);
  if (text === null) return undefined;
  const word = words.find((candidate) => candidate === text);
  return word ?? refuse(name, `Input should be one of ${words.join(', ')}`, 'enum');
}

/** A switch of the query, off unless it is given. */
export function readFlag(params: Params, name: string): boolean {
  return readChoice(params, name, ['true', 'false']) === 'true';
}

/** Every value of a name that may be repeated; undefined when there is none, which filters nothing. */
export function readList(params: Params, name: string): readonly string[] | undefined {
  return params.has(name) ? params.getAll(name) : undefined;
}
