/** What is out of the ordinary is rare in a demonstration, and as frequent as its share elsewhere. */
import { expect, test } from 'vitest';
import { kindAt } from '../../src/sandbox/everyday.ts';
import { hash } from '../../src/sandbox/random.ts';

const KINDS = ['login', 'login', 'grant', 'export'];
const PLACES = 4_000;

function drawn(quiet: { seed: number } | null): Map<string, number> {
  const kindOf = kindAt(KINDS, (kind) => kind === 'login', quiet);
  const counts = new Map<string, number>();
  for (let place = 0; place < PLACES; place += 1) {
    const kind = kindOf(place, hash(7, place));
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

test('a demonstration has one in 25 of what is out of the ordinary, of every kind', () => {
  const [usual, quiet] = [drawn(null), drawn({ seed: 1 })];
  for (const kind of ['grant', 'export']) {
    const [all = 0, left = 0] = [usual.get(kind), quiet.get(kind)];
    expect(all).toBeGreaterThan(PLACES / 5);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(all / 15);
  }
  // The same again: a demonstration goes on with its history.
  expect(drawn({ seed: 1 })).toEqual(quiet);
});
