/**
 * Works on several items at once and hands the results over in the order of the items: what has been handed over is
 * a whole beginning of the list, so that one place says how far it has got. At most `width` results are begun or lie
 * ready. The first item goes alone: if it shows that nothing can be had, nothing else was asked.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  let room = 1;
  const iterator = items[Symbol.iterator]();
  try {
    for (;;) {
      while (begun.length < room) {
        const next = iterator.next();
        if (next.done === true) break;
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
    // A caller that stops early must not leave requests behind.
    await Promise.allSettled(begun);
  }
}
