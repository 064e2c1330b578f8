import { describe, expect, test } from 'vitest';
import { afterLimit, afterSuccess, lanesAfter } from '../../src/http/rate-rules.ts';

describe('the rate after a 429', () => {
  test.each([
    // rate, recent successes per second, succeeded since the last cut, new rate
    ['never limited before: below what went through', null, 50, true, 40],
    ['never limited before, nothing went through', null, 0, true, 4],
    ['below the rate so far', 20, 50, true, 16],
    ['below what went through, if that is less', 50, 20, true, 16],
    ['not below the floor', 4.5, 4.5, true, 4],
    ['429 follows 429: half', 4, 0, false, 2],
    ['429 follows 429: below the floor', 0.5, 0, false, 0.25],
    ['not below the lowest', 0.15, 0, false, 0.1],
    ['the first cut cannot be a half', null, 10, false, 8],
  ])('%s', (_what, rate, recent, succeededSince, expected) => {
    expect(afterLimit(rate, recent, succeededSince)).toBeCloseTo(expected, 10);
  });
});

describe('the rate after a success', () => {
  test('stays unlimited without a complaint', () => expect(afterSuccess(null)).toBeNull());

  test('makes good for one cut in about ninety requests', () => {
    let rate: number | null = afterLimit(100, 100, true);
    let requests = 0;
    while (rate !== null && rate < 100) {
      rate = afterSuccess(rate);
      requests += 1;
    }
    expect(requests).toBeGreaterThan(80);
    expect(requests).toBeLessThan(100);
  });
});

describe('the requests in flight', () => {
  test.each([
    // successes, rate, concurrency, in flight
    ['few at first', 0, null, 4, 2],
    ['more with what succeeded', 11, null, 4, 3],
    ['all that are allowed, soon', 16, null, 4, 4],
    ['however many those are', 160, null, 32, 32],
    ['all of them where the limit is known', 5, 10, 4, 4],
    ['never more than allowed', 0, null, 1, 1],
  ])('%s', (_what, successes, rate, concurrency, expected) => {
    expect(lanesAfter(successes, rate, concurrency)).toBe(expected);
  });
});
