import { refuse } from './errors.ts';

/** A whole number of the query; undefined where it has none. */
export function readInteger(
  params: URLSearchParams,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = params.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    refuse(name, `Invalid '${name}': expected an integer from ${least} to ${most}.`);
  }
  return value;
}
