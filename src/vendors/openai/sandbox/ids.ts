import { hash } from '../../../sandbox/random.ts';

/** An id of the thing at `place` among those of one kind. The first digits are a bijection of the place: no two are equal. */
export function idOf(kind: string, seed: number, place: number): string {
  const unique = (place ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  const salt = Buffer.from(kind).reduce((sum, letter) => sum * 31 + letter, 7);
  return `${kind}${eight(unique)}${eight(hash(seed + salt, place))}${eight(hash(seed + salt + 1, place))}`;
}

function eight(value: number): string {
  return value.toString(16).padStart(8, '0');
}
