import { hash } from '../../../sandbox/random.ts';

/** A UUID of a kind of thing, the same for the same numbers. */
export function uuid(seed: number, kind: number, place: number): string {
  const part = (n: number): string =>
    hash(seed * 31 + kind * 7 + n, place)
      .toString(16)
      .padStart(8, '0');
  const text = part(1) + part(2) + part(3) + part(4);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20, 32)}`;
}
