import { describe, expect, test } from 'vitest';
import { MAX_ATTEMPTS, retryAfterOf, retryDelay } from '../../src/http/retry-timing.ts';

describe('the wait before the next attempt', () => {
  test.each([
    // attempt, asked for, dice, wait
    [1, null, 0, 125],
    [1, null, 1, 250],
    [2, null, 1, 500],
    [3, null, 0.5, 750],
    [6, null, 1, 8_000],
    [7, null, 1, 10_000],
    [9, null, 1, 10_000],
    [9, null, 0, 5_000],
    [1, 0, 0.5, 0],
    [1, 3_000, 0.5, 3_000],
    [9, 60_000, 0.5, 60_000],
  ])('attempt %i, asked for %s, dice %d: %i ms', (attempt, asked, random, wait) => {
    expect(retryDelay(attempt, asked, random)).toBe(wait);
  });

  test.each([
    ['the attempts are used up', MAX_ATTEMPTS, null],
    ['the attempts are used up, whatever the vendor says', MAX_ATTEMPTS, 1_000],
    ['the vendor asks for longer than a source is given', 1, 60_001],
  ])('none when %s', (_why, attempt, asked) => {
    expect(retryDelay(attempt, asked, 0.5)).toBeNull();
  });

  test('all waits together are well below a minute', () => {
    let sum = 0;
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
      sum += retryDelay(attempt, null, 1) ?? 0;
    }
    expect(sum).toBeGreaterThan(20_000);
    expect(sum).toBeLessThan(60_000);
  });
});

describe('what the headers say', () => {
  const now = Date.UTC(2026, 0, 31, 12);
  const date = (ms: number): string => new Date(now + ms).toUTCString();
  test.each<[Record<string, string>, number | null]>([
    [{}, null],
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': date(5_000) }, 5_000],
    [{ 'retry-after': date(-5_000) }, 0],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': 'soon', 'ratelimit-reset': '4' }, 4_000],
    [{ 'retry-after': '2', 'ratelimit-reset': '4' }, 2_000],
    [{ 'ratelimit-reset': '4' }, 4_000],
    [{ 'x-ratelimit-reset': '4' }, 4_000],
    [{ 'x-ratelimit-reset': String(now / 1000 + 7) }, 7_000],
    [{ 'x-ratelimit-reset': String(now / 1000 - 7) }, 0],
    [{ 'x-ratelimit-reset': 'later' }, null],
  ])('%j: %s', (headers, wait) => {
    expect(retryAfterOf((name) => headers[name], now)).toBe(wait);
  });
});
