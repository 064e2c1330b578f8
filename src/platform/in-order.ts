/**
 * Works on several items at once and hands the results over in the order of the items: what has been handed over is
 * a whole beginning of the list, so that one place says how far it has got. At most `width` results are begun or lie
 * ready. The first item goes alone: what it shows of the other side (a refusal, a header it does not know) holds for the rest.
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
        // Its failure is reported when its turn comes; until then it must not count as unhandled.
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
    // A caller that stops early must leave no request and no open listing behind.
    await Promise.allSettled(begun);
    await iterator.return?.();
  }
}
