import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { prefetch } from '../../src/extract/paging/prefetch.ts';

function source(length: number, failing = -1) {
  const log = { made: 0, working: false, closed: false };
  async function* items(): AsyncGenerator<number> {
    try {
      for (let item = 0; item < length; item += 1) {
        log.working = true;
        await turn();
        log.working = false;
        if (item === failing) throw new Error(`item ${item}`);
        log.made += 1;
        yield item;
      }
    } finally {
      log.closed = true;
    }
  }
  return { log, items: items() };
}

const lengths = fc.nat({ max: 20 });
const rooms = fc.integer({ min: 1, max: 6 });

test('all items in order, no more ready than there is room', async () => {
  await fc.assert(
    fc.asyncProperty(lengths, rooms, async (length, room) => {
      const { log, items } = source(length);
      const got: number[] = [];
      for await (const item of prefetch(items, room)) {
        got.push(item);
        for (let n = 0; n < 12; n += 1) await turn();
        // It was handed over, and as many as there is room for lie ready.
        expect(log.made).toBe(Math.min(length, got.length + room));
      }
      expect(got).toEqual([...Array(length).keys()]);
      expect(log).toMatchObject({ working: false, closed: true });
    }),
    { numRuns: 30 },
  );
});

test('a failure comes after what lies before it', async () => {
  await fc.assert(
    fc.asyncProperty(lengths, rooms, fc.nat({ max: 19 }), async (length, room, failing) => {
      fc.pre(failing < length);
      const { log, items } = source(length, failing);
      const got: number[] = [];
      const read = async (): Promise<void> => {
        for await (const item of prefetch(items, room)) got.push(item);
      };
      await expect(read()).rejects.toThrow(`item ${failing}`);
      expect(got).toHaveLength(failing);
      expect(log).toMatchObject({ working: false, closed: true });
    }),
    { numRuns: 30 },
  );
});

test('whoever stops early leaves nothing running', async () => {
  await fc.assert(
    fc.asyncProperty(lengths, rooms, fc.nat({ max: 19 }), async (length, room, last) => {
      const { log, items } = source(length);
      for await (const item of prefetch(items, room)) if (item === last) break;
      const { made } = log;
      expect(log).toMatchObject({ working: false, closed: true });
      expect(made).toBeLessThanOrEqual(last + 1 + room);
      await turn();
      expect(log.made).toBe(made);
    }),
    { numRuns: 30 },
  );
});

test('what is never asked for is closed all the same', async () => {
  const { log, items } = source(10);
  const reading = prefetch(items, 3);
  await reading.close();
  expect(log).toMatchObject({ working: false, closed: true });
  expect(log.made).toBeLessThanOrEqual(3);
});
