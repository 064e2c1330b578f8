import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ceil,
  DAYS_FROM_EIGHT,
  MONDAY_WEEKS,
  MONTHS,
  UTC_DAYS,
} from '../../src/extract/periods.ts';
import { DAY, HOUR } from '../../src/platform/time.ts';

const at = (text: string): number => Date.parse(text);
const calendars = { UTC_DAYS, DAYS_FROM_EIGHT, MONDAY_WEEKS, MONTHS };

test.each([
  ['UTC_DAYS', '2026-03-29T01:30:00Z', '2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z'],
  ['UTC_DAYS', '2026-03-29T00:00:00Z', '2026-03-29T00:00:00Z', '2026-03-30T00:00:00Z'],
  ['UTC_DAYS', '1969-12-31T23:00:00Z', '1969-12-31T00:00:00Z', '1970-01-01T00:00:00Z'],
  // 08:00 UTC in January as in July: an hour before is the day before.
  ['DAYS_FROM_EIGHT', '2026-01-15T07:59:59Z', '2026-01-14T08:00:00Z', '2026-01-15T08:00:00Z'],
  ['DAYS_FROM_EIGHT', '2026-07-15T07:59:59Z', '2026-07-14T08:00:00Z', '2026-07-15T08:00:00Z'],
  ['DAYS_FROM_EIGHT', '2026-07-15T08:00:00Z', '2026-07-15T08:00:00Z', '2026-07-16T08:00:00Z'],
  // The days on which clocks change in the Pacific zone.
  ['DAYS_FROM_EIGHT', '2026-03-08T12:00:00Z', '2026-03-08T08:00:00Z', '2026-03-09T08:00:00Z'],
  ['DAYS_FROM_EIGHT', '2026-11-01T12:00:00Z', '2026-11-01T08:00:00Z', '2026-11-02T08:00:00Z'],
  ['MONDAY_WEEKS', '2026-06-14T23:59:59Z', '2026-06-08T00:00:00Z', '2026-06-15T00:00:00Z'],
  ['MONDAY_WEEKS', '2026-06-15T00:00:00Z', '2026-06-15T00:00:00Z', '2026-06-22T00:00:00Z'],
  ['MONDAY_WEEKS', '1970-01-01T00:00:00Z', '1969-12-29T00:00:00Z', '1970-01-05T00:00:00Z'],
  ['MONTHS', '2024-02-29T12:00:00Z', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
  ['MONTHS', '2026-12-31T23:59:59Z', '2026-12-01T00:00:00Z', '2027-01-01T00:00:00Z'],
] as const)('%s: %s is between %s and %s', (name, instant, start, next) => {
  const calendar = calendars[name];
  expect(calendar.floor(at(instant))).toBe(at(start));
  expect(calendar.next(at(start))).toBe(at(next));
  expect(ceil(calendar, at(instant))).toBe(instant === start ? at(start) : at(next));
});

describe.each(Object.entries(calendars))('%s', (_name, calendar) => {
  const instants = fc.integer({ min: at('1960-01-01'), max: at('2100-01-01') });
  test('every instant is in one period, and periods follow each other', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const start = calendar.floor(instant);
        const next = calendar.next(start);
        expect(start).toBeLessThanOrEqual(instant);
        expect(next).toBeGreaterThan(instant);
        expect(calendar.floor(start)).toBe(start);
        expect(calendar.floor(next - 1)).toBe(start);
        expect(calendar.floor(next)).toBe(next);
        expect(ceil(calendar, instant)).toBe(instant === start ? start : next);
        expect((next - start) % DAY).toBe(0);
        expect(start % HOUR === 0).toBe(true);
      }),
    );
  });
});
