/** The cached text of an instant is the one that Date gives. */
import { array, assert, double, integer, oneof, property } from 'fast-check';
import { expect, test } from 'vitest';
import { iso } from '../../src/platform/time.ts';

const LAST = 8.64e15;

test('an instant reads as Date writes it, whatever was asked before', () => {
  const instants = oneof(
    integer({ min: Date.UTC(2025, 0), max: Date.UTC(2025, 0, 1, 0, 5) }),
    double({ min: -LAST, max: LAST, noNaN: true }),
  );
  assert(
    property(array(instants), (all) => {
      for (const at of all) expect(iso(at)).toBe(new Date(at).toISOString());
    }),
  );
});

test.each([Number.NaN, Infinity, -Infinity, LAST + 60_000, -LAST - 1])(
  'what is no instant throws, also the second time: %d',
  (at) => {
    expect(() => iso(at)).toThrow(RangeError);
    expect(() => iso(at)).toThrow(RangeError);
  },
);
