import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder } from '../../src/platform/in-order.ts';

/** Work that takes as many turns as it is told, and what was going on meanwhile. */
function worker(turns: readonly number[], failing = -1) {
  const log = { running: 0, most: 0, begun: 0, mostReady: 0, alone: true };
  let handedOver = 0;
  const work = async (item: number): Promise<number> => {
    log.begun += 1;
    log.running += 1;
    log.most = Math.max(log.most, log.running);
    log.mostReady = Math.max(log.mostReady, log.begun - handedOver);
    if (item === 0) {
      for (let n = 0; n < (turns[0] ?? 0); n += 1) await turn();
      log.alone = log.begun === 1;
    } else for (let n = 0; n < (turns[item] ?? 0); n += 1) await turn();
    log.running -= 1;
    if (item === failing) throw new Error(`item ${item}`);
    return item;
  };
  return { log, work, took: () => (handedOver += 1) };
}

const cases = fc.record({
  turns: fc.array(fc.nat({ max: 6 }), { maxLength: 25 }),
  width: fc.integer({ min: 1, max: 8 }),
});

describe('several at a time, handed over in order', () => {
  test('all of them, at most `width` begun, the first alone', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ turns, width }) => {
        const { log, work, took } = worker(turns);
        const got: number[] = [];
        for await (const item of inOrder(turns.keys(), width, work)) {
          took();
          got.push(item);
        }
        expect(got).toEqual([...turns.keys()]);
        expect(log.mostReady).toBeLessThanOrEqual(width);
        expect(log.alone).toBe(true);
        expect(log.running).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test('a failure comes in its turn and leaves nothing running', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat({ max: 24 }), async ({ turns, width }, failing) => {
        fc.pre(failing < turns.length);
        const { log, work } = worker(turns, failing);
        const got: number[] = [];
        const read = async (): Promise<void> => {
          for await (const item of inOrder(turns.keys(), width, work)) got.push(item);
        };
        await expect(read()).rejects.toThrow(`item ${failing}`);
        expect(got).toEqual(Array.from({ length: failing }, (_, i) => i));
        expect(log.running).toBe(0);
        expect(log.begun).toBeLessThanOrEqual(failing + width);
      }),
      { numRuns: 50 },
    );
  });

  test('whoever stops early leaves nothing running', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat({ max: 24 }), async ({ turns, width }, last) => {
        const { log, work } = worker(turns);
        for await (const item of inOrder(turns.keys(), width, work)) if (item === last) break;
        expect(log.running).toBe(0);
        expect(log.begun).toBeLessThanOrEqual(last + width);
      }),
      { numRuns: 50 },
    );
  });
});
