import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { VendorError } from '../../src/errors.ts';
import { type LongestRange, splitRange } from '../../src/extract/split-range.ts';
import type { Window } from '../../src/model.ts';
import { DAY } from '../../src/platform/time.ts';

type Fault = ConstructorParameters<typeof VendorError>[0]['fault'];

function error(fault: Fault): VendorError {
  return new VendorError({ fault, code: 'x', url: '/x', status: 422, what: 'no', hint: 'none' });
}

/** Asks a server that takes `most` days at once; the pieces it took, and how often it was asked. */
async function ask(range: Window, most: number, longest: LongestRange, fault: Fault = 'rejected') {
  const taken: Window[] = [];
  const capped: number[] = [];
  let asked = 0;
  let failure: unknown = null;
  const answer = (piece: Window): Promise<Window> => {
    asked += 1;
    const isTaken = piece.to - piece.from <= most * DAY;
    return isTaken ? Promise.resolve(piece) : Promise.reject(error(fault));
  };
  try {
    const pieces = splitRange(range, longest, answer, (days) => capped.push(days));
    for await (const { piece, answer: got } of pieces) {
      expect(got).toEqual(piece);
      taken.push(piece);
    }
  } catch (caught) {
    failure = caught;
  }
  return { taken, capped, asked, failure };
}

const range = (days: number): Window => ({ from: 5 * DAY, to: (5 + days) * DAY });
const fresh = (): LongestRange => ({ ms: Number.POSITIVE_INFINITY });

test('whatever the server takes, pieces follow each other without gap or overlap', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 800 }),
      fc.integer({ min: 14, max: 400 }),
      async (days, most) => {
        const longest = fresh();
        const { taken, failure } = await ask(range(days), most, longest);
        expect(failure).toBeNull();
        expect(taken[0]?.from).toBe(range(days).from);
        expect(taken.at(-1)?.to).toBe(range(days).to);
        for (const [place, piece] of taken.entries()) {
          expect(piece.to).toBeGreaterThan(piece.from);
          expect((piece.to - piece.from) % DAY).toBe(0);
          if (place > 0) expect(piece.from).toBe(taken[place - 1]?.to);
        }
        // What was learnt holds for all who are asked about after.
        const { asked, taken: second, capped } = await ask(range(days), most, longest);
        expect([asked, capped]).toEqual([second.length, []]);
      },
    ),
  );
});

test('one request where the server takes all of it', async () => {
  expect(await ask(range(90), 1_000, fresh())).toMatchObject({ asked: 1, taken: [range(90)] });
});

test('what is short is not refused for its length', async () => {
  const { failure, asked } = await ask(range(13), 0, fresh());
  expect(failure).toBeInstanceOf(VendorError);
  expect(asked).toBe(1);
});

test('a range that is refused whatever its length ends', async () => {
  const { failure, asked } = await ask(range(90), 0, fresh());
  expect(failure).toBeInstanceOf(VendorError);
  expect(asked).toBeLessThan(6);
});

test.each<Fault>(['forbidden', 'absent', 'broken', 'limited', 'refused'])(
  '%s is no matter of length',
  async (fault) => {
    const longest = fresh();
    expect(await ask(range(90), 30, longest, fault)).toMatchObject({ asked: 1, taken: [] });
    expect(longest).toEqual(fresh());
  },
);
