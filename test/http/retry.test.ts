import { describe, expect, test } from 'vitest';
import { pauseBefore, VENDOR_RETRY } from '../../src/http/retry.ts';

describe('the pause before the next attempt', () => {
  test.each([
    // failed attempts, asked for, dice, pause
    [1, null, 0, 125],
    [1, null, 1, 250],
    [2, null, 1, 500],
    [3, null, 0.5, 750],
    [6, null, 1, 8_000],
    [7, null, 1, 10_000],
    [9, null, 1, 10_000],
    [9, null, 0, 5_000],
    // "At once" is no licence to hammer.
    [1, 0, 0.5, 188],
    [5, 0, 0.5, 3_000],
    [1, 3_000, 0.5, 3_000],
    [9, 60_000, 0.5, 60_000],
  ])('%i failed, asked for %s, dice %d: %i ms', (failed, asked, random, ms) => {
    expect(pauseBefore(VENDOR_RETRY, failed, asked, random)).toBe(ms);
  });

  test.each([
    ['the attempts are used up', VENDOR_RETRY.attempts, null],
    ['the attempts are used up, whatever the server says', VENDOR_RETRY.attempts, 1_000],
    ['the server asks for longer than it is waited for', 1, 60_001],
  ])('none when %s', (_why, failed, asked) => {
    expect(pauseBefore(VENDOR_RETRY, failed, asked, 0.5)).toBeNull();
  });

  test('all pauses together are well below a minute', () => {
    let sum = 0;
    for (let failed = 1; failed < VENDOR_RETRY.attempts; failed += 1) {
      sum += pauseBefore(VENDOR_RETRY, failed, null, 1) ?? 0;
    }
    expect(sum).toBeGreaterThan(20_000);
    expect(sum).toBeLessThan(60_000);
  });

  test('no number of attempts makes it longer than the longest', () => {
    const endless = { ...VENDOR_RETRY, attempts: Number.POSITIVE_INFINITY };
    expect(pauseBefore(endless, 5_000, null, 0.999)).toBeLessThanOrEqual(endless.longestPause);
  });
});
