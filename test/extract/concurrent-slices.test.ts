import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SECOND } from '../../src/extract/paging/keyset.ts';
import { concurrentSlices, sliceLength } from '../../src/extract/paging/concurrent-slices.ts';
import type { Page } from '../../src/model.ts';

type Range = { from: number; to: number };

function page({ from, to }: Range, rows: number): Page {
  const note = { request: '', status: 200, at: from, bytes: 0, sha256: '', records: rows };
  const record = { bytes: Buffer.from('{}'), key: '', time: from };
  return { note, records: Array.from({ length: rows }, () => record), place: to };
}

const windows = fc
  .record({
    from: fc.integer({ min: 0, max: 2_000 }),
    length: fc.integer({ min: 0, max: 5_000_000 }),
    slices: fc.integer({ min: 1, max: 6 }),
    // Rows per millisecond: what the first page promised, and what is there.
    density: fc.double({ min: 1e-9, max: 10, noNaN: true }),
    rows: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 10 }),
  })
  // So long that more than some hundreds of slices are never read.
  .map(({ length, ...rest }) => ({ ...rest, length: Math.floor(length / SECOND) * 100 + 1 }));

test('the window is covered exactly once, in its order, by at most so many slices at a time', async () => {
  await fc.assert(
    fc.asyncProperty(windows, async ({ from, length, slices, density, rows }) => {
      const window = { from, to: from + length };
      const begun: Range[] = [];
      let open = 0;
      let most = 0;
      const read = async function* (slice: Range): AsyncGenerator<Page> {
        begun.push(slice);
        open += 1;
        most = Math.max(most, open);
        await turn();
        yield page(slice, rows[begun.length % rows.length] ?? 0);
        open -= 1;
      };
      const places: number[] = [];
      for await (const { place } of concurrentSlices(
        window,
        { slices, density, limit: 10 },
        read,
      )) {
        places.push(place ?? -1);
      }
      let next = window.from;
      for (const slice of begun) {
        expect(slice.from).toBe(next);
        expect(slice.to).toBeGreaterThan(slice.from);
        next = slice.to;
      }
      expect(next).toBe(window.to);
      expect(places).toEqual(begun.map(({ to }) => to));
      expect(most).toBeLessThanOrEqual(slices);
      expect(open).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test('whoever stops early, or meets a failure, leaves nothing running', async () => {
  for (const ends of ['stop', 'failure']) {
    let running = 0;
    const read = async function* (slice: Range): AsyncGenerator<Page> {
      running += 1;
      try {
        for (let n = 0; n < 50; n += 1) {
          await turn();
          if (ends === 'failure' && slice.from > 3_000) throw new Error('no answer');
          yield page(slice, 1);
        }
      } finally {
        running -= 1;
      }
    };
    const options = { slices: 4, density: 0.06, limit: 10 };
    const go = async (): Promise<void> => {
      let pages = 0;
      for await (const _ of concurrentSlices({ from: 0, to: 100_000 }, options, read)) {
        pages += 1;
        if (ends === 'stop' && pages === 70) return;
      }
    };
    if (ends === 'stop') await go();
    else await expect(go()).rejects.toThrow('no answer');
    expect(running).toBe(0);
  }
});

test.each([
  ['so many rows as wanted', 600, 0.1, Infinity, 6_000],
  ['whole seconds', 600, 0.13, Infinity, 4_000],
  ['not less than one', 600, 100, Infinity, 1_000],
  ['not more than allowed', 600, 0.0001, 9_000, 9_000],
  ['where nothing is, as much as is allowed', 600, 0, 9_000, 9_000],
])('a slice is as long as it holds %s', (_what, rows, density, most, expected) => {
  expect(sliceLength(rows, density, most)).toBe(expected);
});
