/** Sets of seqs as ascending, disjoint ranges: even a home that has been pruned for years needs only a few. Pure. */
import type { SeqRange } from './carried.ts';

export function rangesOf(seqs: Iterable<number>): SeqRange[] {
  return union(
    [],
    [...seqs].map((seq): SeqRange => [seq, seq]),
  );
}

export function union(a: readonly SeqRange[], b: readonly SeqRange[]): SeqRange[] {
  const ranges: SeqRange[] = [];
  for (const [first, last] of [...a, ...b].toSorted((x, y) => x[0] - y[0])) {
    const before = ranges.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else ranges.push([first, last]);
  }
  return ranges;
}

export function contains(ranges: readonly SeqRange[], seq: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.[1] ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range[0] <= seq;
}
