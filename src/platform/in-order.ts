/**
 * Works on up to `width` items at once and yields the results in the order of the items, so that a single position says how far
 * it got: everything before it is done. The first item runs alone, because what it reveals about the other side (a refusal, an
 * unknown header) holds for the rest.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let room = 1;
  let isOver = false;
  try {
    for (;;) {
      while (!isOver && begun.length < room) {
        const next = await iterator.next();
        if (next.done === true) {
          isOver = true;
          break;
        }
        const result = work(next.value);
        // A failure is reported when its turn comes; until then it must not count as unhandled.
        result.catch(() => undefined);
        begun.push(result);
      }
      const first = begun.shift();
      if (first === undefined) return;
      const result = await first;
      room = width;
      yield result;
    }
  } finally {
    // A caller that stops early must not leave a running request or an open listing behind.
    await Promise.allSettled(begun);
    await iterator.return?.();
  }
}
