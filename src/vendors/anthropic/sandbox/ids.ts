import { hash } from '../../../sandbox/random.ts';

/** An id as the vendor makes them: its kind, and 24 letters and digits. */
export function idOf(kind: string, seed: number, place: number): string {
  return `${kind}_01${digits(seed, kind, place, 22)}`;
}

/** An id in the form of a UUID. */
export function uuidOf(seed: number, kind: string, place: number): string {
  const hex = digits(seed, kind, place, 32);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function digits(seed: number, kind: string, place: number, count: number): string {
  const of = Buffer.from(kind).reduce((sum, byte) => Math.imul(sum, 31) + byte, seed);
  // The first eight are a bijection of the place, so that no two are equal.
  let text = eight((place ^ Math.imul(of, 0x9e3779b1)) >>> 0);
  for (let part = 1; text.length < count; part++) text += eight(hash(of + part * 7919, place));
  return text.slice(0, count);
}

function eight(value: number): string {
  return value.toString(16).padStart(8, '0');
}
