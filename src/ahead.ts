/** Fetches the next item while the caller still works on the last one: at most one lies ready. */
export async function* ahead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const item = await next;
      if (item.done === true) return;
      next = iterator.next();
      // Its failure is reported when its turn comes; until then it must not count as unhandled.
      next.catch(() => undefined);
      yield item.value;
    }
  } finally {
    // A caller that stops early must not leave a request behind.
    await next.catch(() => undefined);
    await iterator.return?.(undefined);
  }
}
