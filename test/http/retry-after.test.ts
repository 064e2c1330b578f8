import { describe, expect, test } from 'vitest';
import { isRateLimit, retryAfterOf } from '../../src/http/retry-after.ts';

const now = Date.UTC(2026, 0, 31, 12);
const date = (ms: number): string => new Date(now + ms).toUTCString();
const iso = (ms: number): string => new Date(now + ms).toISOString();
const unix = (ms: number): string => String((now + ms) / 1000);
const asked = (status: number, headers: Record<string, string>): number | null =>
  retryAfterOf(status, new Map(Object.entries(headers)), now);

describe('the pause that a 429 asks for', () => {
  test.each<[Record<string, string>, number | null]>([
    [{}, null],
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '0.0001' }, 1],
    [{ 'retry-after': '86400' }, 86_400_000],
    [{ 'retry-after': date(5_000) }, 5_000],
    [{ 'retry-after': date(-5_000) }, 0],
    [{ 'retry-after': 'Saturday, 31-Jan-26 12:00:05 GMT' }, 5_000],
    [{ 'retry-after': 'Sat Jan 31 12:00:05 2026' }, 5_000],
    [{ 'retry-after': iso(5_000) }, 5_000],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': 'soon' }, null],
    // `Date.parse` takes this for the first of May 2001.
    [{ 'retry-after': 'in 5' }, null],
    // Sent twice, and so joined.
    [{ 'retry-after': '2, 3' }, 2_000],
    [{ 'retry-after-ms': '250.5', 'retry-after': '1' }, 251],
    // Both clocks are the server's: ours may be wrong.
    [{ 'retry-after': date(65_000), date: date(60_000) }, 5_000],
    [{ 'retry-after': 'soon', 'ratelimit-reset': '4' }, 4_000],
    [{ 'retry-after': '2', 'ratelimit-reset': '4' }, 2_000],
    [{ 'ratelimit-reset': '4' }, 4_000],
    [{ 'x-ratelimit-reset': '4' }, 4_000],
    [{ 'x-rate-limit-reset': '4' }, 4_000],
    [{ 'x-ratelimit-reset': unix(7_000) }, 7_000],
    [{ 'x-ratelimit-reset': unix(-7_000) }, 0],
    [{ 'x-ratelimit-reset': String(now + 7_000) }, 7_000],
    [{ 'x-ratelimit-reset': iso(7_000) }, 7_000],
    [{ 'x-ratelimit-reset': 'later' }, null],
    [{ 'x-ratelimit-reset-after': '1.25' }, 1_250],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4' }, 4_000],
    // What is not used up is not what refused it.
    [{ 'x-ratelimit-remaining': '4990', 'x-ratelimit-reset': '1800' }, null],
  ])('%j: %s', (headers, ms) => {
    expect(asked(429, headers)).toBe(ms);
  });

  test('of several quotas, those that are used up count, the latest of them', () => {
    const headers = {
      'acme-ratelimit-requests-remaining': '0',
      'acme-ratelimit-requests-reset': iso(3_000),
      'acme-ratelimit-tokens-remaining': '0',
      'acme-ratelimit-tokens-reset': iso(9_000),
      'acme-ratelimit-days-remaining': '12',
      'acme-ratelimit-days-reset': iso(80_000_000),
    };
    expect(asked(429, headers)).toBe(9_000);
  });
});

describe('what a quota header means depends on the status', () => {
  const reset = { 'x-ratelimit-remaining': '4990', 'x-ratelimit-reset': unix(1_800_000) };
  const usedUp = { ...reset, 'x-ratelimit-remaining': '0' };
  test.each<[number, Record<string, string>, number | null]>([
    [500, reset, null],
    [500, usedUp, null],
    [502, usedUp, null],
    [503, reset, null],
    [503, usedUp, 1_800_000],
    [403, reset, null],
    [403, usedUp, 1_800_000],
    [429, usedUp, 1_800_000],
    // Retry-After is about this answer, whatever it is.
    [500, { ...usedUp, 'retry-after': '3' }, 3_000],
    [403, { ...usedUp, 'retry-after': '3' }, 3_000],
    [403, { 'x-ratelimit-reset': '4' }, null],
  ])('%i %j: %s', (status, headers, ms) => {
    expect(asked(status, headers)).toBe(ms);
  });
});

describe('whether an answer refuses because of too many requests', () => {
  test.each<[number, Record<string, string>, boolean]>([
    [429, {}, true],
    [403, {}, false],
    [403, { 'retry-after': '60' }, true],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4' }, true],
    [403, { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '4' }, false],
    [401, { 'retry-after': '60' }, false],
    [500, { 'retry-after': '60' }, false],
  ])('%i %j: %s', (status, headers, expected) => {
    expect(isRateLimit(status, new Map(Object.entries(headers)))).toBe(expected);
  });
});
