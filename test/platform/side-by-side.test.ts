import { expect, test } from 'vitest';
import { sideBySide } from '../../src/platform/side-by-side.ts';

/** Work that ends when the test says so. */
function workshop() {
  const begun: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const work = (item: string): Promise<string> => {
    begun.push(item);
    return new Promise((resolve, reject) => {
      ends.set(item, (failure) => (failure ? reject(failure) : resolve(item.toUpperCase())));
    });
  };
  const end = async (item: string, failure?: Error): Promise<void> => {
    ends.get(item)?.(failure);
    await new Promise(setImmediate);
  };
  return { begun, work, end };
}

test('at most so many at once, results in the order of the items', async () => {
  const { begun, work, end } = workshop();
  const all = sideBySide(['a', 'b', 'c', 'd'], 2, work);
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('c');
  await end('d');
  await end('a');
  expect(await all).toEqual(['A', 'B', 'C', 'D']);
  expect(await sideBySide([], 3, work)).toEqual([]);
});

test('after a failure nothing is begun, and what is under way ends first', async () => {
  const { begun, work, end } = workshop();
  let isOver = false;
  const all = sideBySide(['a', 'b', 'c'], 2, work).finally(() => (isOver = true));
  const failure = expect(all).rejects.toThrow('refused');
  await end('b', new Error('refused'));
  expect([begun, isOver]).toEqual([['a', 'b'], false]);
  await end('a');
  await failure;
  expect(begun).toEqual(['a', 'b']);
});
