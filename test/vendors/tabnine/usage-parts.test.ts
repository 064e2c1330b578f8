import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bucket } from '../../../src/vendors/tabnine/usage-answer.ts';
import { keyed, partsOf } from '../../../src/vendors/tabnine/usage-parts.ts';
import { DAY } from '../../../src/platform/time.ts';

const FROM = Date.UTC(2026, 1, 27);

function member(id: string): { id: string; name: string } {
  return { id, name: `n-${id}` };
}

describe('the questions to all members', () => {
  test('daily: one for each, about the whole range', () => {
    const range = { from: FROM, to: FROM + 90 * DAY };
    expect(partsOf([member('b'), member('a')], range, 'daily')).toEqual([
      { name: 'n-a', member: member('a'), ...range },
      { name: 'n-b', member: member('b'), ...range },
    ]);
  });

  test('all: one for each day, over the end of a month', () => {
    const parts = partsOf([member('a')], { from: FROM, to: FROM + 3 * DAY }, 'all');
    expect(parts.map(({ name, from, to }) => ({ name, from, to }))).toEqual([
      { name: 'n-a/2026-02-27', from: FROM, to: FROM + DAY },
      { name: 'n-a/2026-02-28', from: FROM + DAY, to: FROM + 2 * DAY },
      { name: 'n-a/2026-03-01', from: FROM + 2 * DAY, to: FROM + 3 * DAY },
    ]);
  });

  test('their names say how far a reading has got', () => {
    const ids = fc.uniqueArray(fc.uuid(), { maxLength: 8 });
    fc.assert(
      fc.property(ids, fc.nat({ max: 12 }), fc.constantFrom('daily', 'all'), (list, days, by) => {
        const range = { from: FROM, to: FROM + days * DAY };
        const parts = partsOf(list.map(member), range, by);
        const names = parts.map(({ name }) => name);
        expect(new Set(names).size).toBe(list.length * (by === 'all' ? days : 1));
        for (const [i, name] of names.entries()) expect(name > (names[i - 1] ?? '')).toBe(true);
      }),
    );
  });
});

function bucket(time: number | null): Bucket {
  return { bytes: Buffer.from('{}'), time, end: 0, isActive: true };
}

describe('the keys of figures', () => {
  test.each([
    ['daily', [FROM, FROM + DAY], ['p/2026-02-27T00:00:00.000Z', 'p/2026-02-28T00:00:00.000Z']],
    [
      'daily',
      [null, null],
      ['p/undated-2026-02-27T00:00:00.000Z', 'p/undated-2026-02-27T00:00:00.000Z#1'],
    ],
    ['daily', [FROM, FROM], ['p/2026-02-27T00:00:00.000Z', 'p/2026-02-27T00:00:00.000Z#1']],
    ['all', [FROM], ['p/all']],
  ] as const)('%s %j', (granularity, times, expected) => {
    const records = keyed(times.map(bucket), 'p', granularity, { from: FROM });
    expect(records.map(({ key }) => key)).toEqual(expected);
    expect(records.map(({ time }) => time)).toEqual(times);
  });
});
