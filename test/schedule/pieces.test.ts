import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf } from '../../src/schedule/pieces.ts';

async function cut(chunks: string[], longest: number): Promise<string[]> {
  const pieces: string[] = [];
  async function* stream(): AsyncGenerator<string> {
    yield* chunks;
  }
  for await (const piece of piecesOf(stream(), longest)) pieces.push(piece);
  return pieces;
}

test.each([
  [['a\nb\n'], ['a\n', 'b\n']],
  [
    ['a', 'b', '\nc'],
    ['ab\n', 'c'],
  ],
  [['\n\n'], ['\n', '\n']],
  [[], []],
  [
    ['abcdef', 'gh\n'],
    ['abcdef', 'gh\n'],
  ],
])('%j is cut into %j', async (chunks, expected) => {
  expect(await cut(chunks, 5)).toEqual(expected);
});

test('nothing is lost, no line is torn that is short, and little is held', async () => {
  const chunk = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async (chunks) => {
      const pieces = await cut(chunks, 10);
      expect(pieces.join('')).toBe(chunks.join(''));
      for (const piece of pieces.slice(0, -1)) {
        expect(piece.endsWith('\n') || piece.length >= 10).toBe(true);
        expect(piece.length).toBeLessThan(10 + 9);
      }
    }),
  );
});
