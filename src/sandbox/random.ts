/**
 * A 32-bit hash of two integers. Data made from `hash(seed, place)` needs no state: the millionth item costs as much as the first.
 */
export function hash(seed: number, place: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(place ^ 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The hash as a number in [0, 1). */
export function fraction(seed: number, place: number): number {
  return hash(seed, place) / 2 ** 32;
}

/** The item that an arbitrary whole number falls on. */
export function pick<T>(items: readonly T[], number: number): T {
  const item = items[number % items.length];
  if (item === undefined) throw new RangeError('cannot pick from an empty list');
  return item;
}
