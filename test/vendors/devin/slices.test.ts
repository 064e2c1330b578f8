import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { slicesOf } from '../../../src/vendors/devin/slices.ts';
import { DAY } from '../../../src/platform/time.ts';

const LENGTH = 90 * DAY;
const OLDEST = 3650 * DAY;
const to = Date.UTC(2026, 5, 15, 12);
const open = (place: number) => ({ from: 0, to, place, part: null });

test.each<[string, number, number]>([
  ['nothing left', to, 0],
  ['a second', to - 1000, 1],
  ['exactly one', to - LENGTH, 1],
  ['a second more', to - LENGTH - 1000, 2],
  ['the beginning of time', 0, 41],
])('%s', (_what, place, count) => {
  expect(slicesOf(open(place), LENGTH)).toHaveLength(count);
});

test('slices follow each other from the place to the end, none too long', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: to / 1000 - 1 }), (second) => {
      const slices = slicesOf(open(second * 1000), LENGTH);
      expect(slices[0]?.from).toBe(Math.max(second * 1000, to - OLDEST));
      expect(slices.at(-1)?.to).toBe(to);
      for (const [place, slice] of slices.entries()) {
        expect(slice.to).toBeGreaterThan(slice.from);
        expect(slice.to - slice.from).toBeLessThanOrEqual(LENGTH);
        if (place > 0) expect(slice.from).toBe(slices[place - 1]?.to);
      }
    }),
  );
});
