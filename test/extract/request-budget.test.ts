import { describe, expect, test } from 'vitest';
import { RequestBudgets, waitFor, withOne } from '../../src/extract/request-budget.ts';
import type { Spent } from '../../src/model.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 5, 15, 12);
const BUDGET = { paths: ['/log', '/other/log'], requests: 3, per: HOUR };

describe('how long to wait', () => {
  test.each<[string, [number, number][], number]>([
    ['nothing was sent', [], 0],
    ['one is left', [[NOW - 10 * MINUTE, 2]], 0],
    ['none is left until the minute is past', [[NOW - 10 * MINUTE, 3]], 51 * MINUTE],
    [
      'the older ones leave first',
      [
        [NOW - 50 * MINUTE, 1],
        [NOW, 2],
      ],
      11 * MINUTE,
    ],
    [
      'as many as are too many have to leave',
      [
        [NOW - 50 * MINUTE, 1],
        [NOW - 20 * MINUTE, 4],
      ],
      41 * MINUTE,
    ],
    ['what is past does not count', [[NOW - HOUR - MINUTE, 9]], 0],
    ['a minute counts until all of it is past', [[NOW - HOUR, 9]], MINUTE],
    ['what a wrong clock has counted does not', [[NOW + HOUR, 9]], 0],
  ])('%s', (_what, minutes, wait) => {
    expect(waitFor(BUDGET, minutes, NOW)).toBe(wait);
  });
});

test('requests are counted by the minute, and forgotten', () => {
  const minutes = [
    [NOW - 2 * HOUR, 5],
    [NOW - MINUTE, 1],
    [NOW, 1],
  ] as const;
  expect(withOne(minutes, HOUR, NOW + 10_000)).toEqual([
    [NOW - MINUTE, 1],
    [NOW, 2],
  ]);
});

test('all paths of a budget share it, others are free, and it survives a restart', async () => {
  let kept: Spent = {};
  const open = () =>
    new RequestBudgets([BUDGET], {
      spent: kept,
      save: async (spent) => {
        kept = JSON.parse(JSON.stringify(spent)) as Spent;
      },
    });
  const first = open();
  const takes = ['/log', '/other/log', '/log'].map((path) => first.take(path, NOW));
  expect(await Promise.all(takes)).toEqual([0, 0, 0]);
  expect(await first.take('/free', NOW)).toBe(0);
  expect(await open().take('/other/log', NOW + MINUTE)).toBe(HOUR);
  expect(await open().take('/log', NOW + HOUR + MINUTE)).toBe(0);
});
