export type Order = 'asc' | 'desc' | 'unsorted';

/** Which of `total` ascending items stands at this place of a listing. */
export function positionAt(place: number, total: number, order: Order): number {
  if (order === 'asc') return place;
  if (order === 'desc') return total - 1 - place;
  return unsorted(place, total);
}

/** No order, but the same on every page: a step without a common divisor with the total meets each item once. */
function unsorted(place: number, total: number): number {
  let step = Math.max(1, Math.floor(total * 0.618));
  while (greatestCommonDivisor(step, total) !== 1) step += 1;
  return (place * step) % total;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
