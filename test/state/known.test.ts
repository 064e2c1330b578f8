import { describe, expect, test } from 'vitest';
import { Known } from '../../src/state/known.ts';

const bytes = (content: unknown): Buffer => Buffer.from(JSON.stringify(content));
const AT = Date.UTC(2026, 5, 1);

describe('a log', () => {
  test('remembers every content that a key ever had', () => {
    const known = new Known('log');
    expect(known.see('a', bytes({ v: 1 }), '', AT)).toBe('new');
    expect(known.see('a', bytes({ v: 2 }), '', AT)).toBe('changed');
    expect(known.see('a', bytes({ v: 1 }), '', AT)).toBe('known');
    expect(known.see('a', bytes({ v: 2 }), '', AT)).toBe('known');
  });

  test('takes one way of writing for another', () => {
    const known = new Known('log');
    known.load('a', Buffer.from('{"v":1,"w":"é"}'), '', AT, { seq: 1, n: 2 });
    expect(known.see('a', Buffer.from('{ "w": "\\u00e9", "v": "1" }'), '', AT)).toBe('known');
    expect(known.unseen(null)).toEqual([]);
  });

  test('misses a key once, where it was archived last, and not if any of its contents came', () => {
    const known = new Known('log');
    known.load('a', bytes(1), '', AT, { seq: 1, n: 2 });
    known.load('a', bytes(2), '', AT, { seq: 3, n: 4 });
    known.load('b', bytes(1), '', AT, { seq: 1, n: 3 });
    known.load('b', bytes(2), '', AT, { seq: 2, n: 3 });
    known.see('b', bytes(2), '', AT);
    expect(known.unseen({ from: AT, to: AT + 1 })).toEqual([{ seq: 3, n: 4 }]);
    expect(known.unseen({ from: AT + 1, to: AT + 2 })).toEqual([]);
    expect(known.keysIn({ from: AT, to: AT + 1 })).toBe(2);
  });

  test('forgets what vanished, and nothing that was archived since', () => {
    const known = new Known('log');
    known.load('a', bytes(1), '', AT, { seq: 1, n: 2 });
    known.forget('a', 2);
    expect(known.see('a', bytes(1), '', AT)).toBe('new');
    known.load('b', bytes(1), '', AT, { seq: 3, n: 2 });
    known.forget('b', 2);
    expect(known.see('b', bytes(1), '', AT)).toBe('known');
  });

  test('thousands of contents of one key cost no more than thousands of keys', () => {
    const known = new Known('log');
    const started = performance.now();
    const verdicts = { new: 0, changed: 0, known: 0 };
    for (let n = 0; n < 40_000; n += 1) {
      verdicts[known.see('a', bytes({ v: n % 20_000 }), '', AT)] += 1;
    }
    expect(verdicts).toEqual({ new: 1, changed: 19_999, known: 20_000 });
    // Comparing each with all took a quarter of a minute.
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});

describe('a list of things as they are', () => {
  test('compares with the latest content only', () => {
    const known = new Known('snapshot');
    known.see('a', bytes(1), '', null);
    expect(known.see('a', bytes(2), '', null)).toBe('changed');
    expect(known.see('a', bytes(1), '', null)).toBe('changed');
  });

  test('is loaded in any order', () => {
    const known = new Known('changes');
    known.load('a', bytes('new'), '', AT, { seq: 5, n: 1 });
    known.load('a', bytes('old'), '', AT, { seq: 2, n: 1 });
    expect(known.see('a', bytes('new'), '', AT)).toBe('known');
    known.load('a', bytes('older'), '', AT, { seq: 1, n: 1 });
    expect(known.see('a', bytes('new'), '', AT)).toBe('known');
  });

  test('the same thing in another context is another', () => {
    const known = new Known('snapshot');
    known.see('a', bytes(1), '{"team":"x"}', null);
    expect(known.see('a', bytes(1), '{"team":"y"}', null)).toBe('changed');
  });
});
