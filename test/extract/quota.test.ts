import { expect, test } from 'vitest';
import { QuotaCount } from '../../src/extract/quota.ts';

const MINUTE = 60_000;

test.each<[string, number, number, number | null]>([
  ['few requests are not why', 9, 15_000, null],
  ['half of the quota may be all that others left', 10, 15_000, 45_600],
  ['all of it', 20, 59_999, 601],
  ['at the beginning of a minute nearly all of it is left', 20, 0, 60_600],
])('%s', (_what, asked, second, pause) => {
  const now = 1_700_000 * MINUTE + second;
  const count = new QuotaCount({ requests: 20, period: MINUTE });
  for (let n = 0; n < asked; n += 1) count.add('GET /a', now);
  expect(count.refused('GET /a', now)).toBe(null);
  expect(count.refused('GET /a', now)).toBe(pause);
  expect([count.refused('GET /b', now), count.refused('GET /b', now)]).toEqual([null, null]);
  count.answered('GET /a');
  expect(count.refused('GET /a', now)).toBe(null);
});

test('what a vendor counts together is used up together', () => {
  const count = new QuotaCount({ requests: 20, period: MINUTE, together: ['/by-user/'] });
  for (let n = 0; n < 10; n += 1) count.add(`GET /by-user/${n}`, 15_000);
  expect(count.refused('GET /by-user/1', 15_000)).toBe(null);
  expect(count.refused('GET /by-user/2', 15_000)).toBe(45_600);
  count.add('GET /other', 15_000);
  expect([count.refused('GET /other', 15_000), count.refused('GET /other', 15_000)]).toEqual([
    null,
    null,
  ]);
});

test('a new period begins with nothing', () => {
  const count = new QuotaCount({ requests: 2, period: MINUTE });
  for (const now of [1, 2, 3]) count.add('GET /a', now);
  count.add('GET /a', MINUTE);
  count.refused('GET /a', MINUTE + 1);
  expect(count.refused('GET /a', MINUTE + 1)).toBe(60_599);
  const other = new QuotaCount({ requests: 4, period: MINUTE });
  for (const now of [1, 2, 3, MINUTE]) other.add('GET /a', now);
  other.refused('GET /a', MINUTE + 1);
  expect(other.refused('GET /a', MINUTE + 1)).toBe(null);
});
