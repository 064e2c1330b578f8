import { describe, expect, test } from 'vitest';
import {
  floorSecond,
  nextSliceLength,
  nextStep,
  shapeOf,
} from '../../src/extract/paging/keyset.ts';

describe('the shape of a page', () => {
  const window = { from: 1_000, to: 9_000 };
  test.each<[string, (number | null)[], ReturnType<typeof shapeOf>]>([
    ['no rows', [], { kind: 'empty' }],
    ['one row', [1_000], { kind: 'ascending', last: 1_000 }],
    ['ascending', [1_000, 2_000, 8_999], { kind: 'ascending', last: 8_999 }],
    ['ties', [2_000, 2_000], { kind: 'ascending', last: 2_000 }],
    ['rows without a time between', [2_000, null, 3_000, null], { kind: 'ascending', last: 3_000 }],
    ['descending', [3_000, 2_000], { kind: 'not-ascending' }],
    ['one step back', [2_000, 4_000, 3_000, 5_000], { kind: 'not-ascending' }],
    ['before the window', [999, 2_000], { kind: 'outside-window' }],
    ['at the end of the window', [2_000, 9_000], { kind: 'outside-window' }],
    ['outside matters more than order', [3_000, 2_000, 999], { kind: 'outside-window' }],
    ['no times at all', [null, null], { kind: 'without-times' }],
  ])('%s', (_what, times, shape) => {
    expect(shapeOf(times, window)).toEqual(shape);
  });
});

describe('where to go on', () => {
  test.each<[string, number, number, boolean, ReturnType<typeof nextStep>]>([
    ['full: from the second of the last row', 1_000, 5_400, true, { kind: 'move', anchor: 5_000 }],
    ['full, all in one second', 5_000, 5_999, true, { kind: 'tie', anchor: 5_000 }],
    ['full, the very next second', 5_000, 6_000, true, { kind: 'move', anchor: 6_000 }],
    ['short', 1_000, 5_400, false, { kind: 'check-end', anchor: 5_000 }],
    ['short, all in one second', 5_000, 5_400, false, { kind: 'check-end', anchor: 5_000 }],
  ])('%s', (_what, anchor, last, full, step) => {
    expect(nextStep(anchor, last, full)).toEqual(step);
  });
});

test.each([
  ['grows after few pages', 60_000, 5, 120_000],
  ['stays after more', 60_000, 6, 60_000],
  ['is a quarter when it was too large', 60_000, 'too-large', 15_000],
  ['is whole seconds', 10_000, 'too-large', 2_000],
  ['is never less than a second', 1_000, 'too-large', 1_000],
] as const)('the next slice %s', (_what, length, pages, expected) => {
  expect(nextSliceLength(length, pages)).toBe(expected);
});

test.each([
  [0, 0],
  [999, 0],
  [1_000, 1_000],
  [-1, -1_000],
])('the second of %i is %i', (at, second) => {
  expect(floorSecond(at)).toBe(second);
});
