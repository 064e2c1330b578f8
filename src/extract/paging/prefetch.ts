/** Items that are fetched ahead of the caller, who closes it when stopping before its end. */
export type Prefetched<T> = AsyncIterable<T> & { close(): Promise<void> };

/** Fetches items before the caller asks for them, starting at once, at most `room` ahead. */
export function prefetch<T>(items: AsyncIterable<T>, room = 1): Prefetched<T> {
  let closed = false;
  const iterator = untilClosed(items, () => closed);
  // A generator answers its calls one after another, so several may wait.
  const next = (): Promise<IteratorResult<T>> => {
    const result = iterator.next();
    // Its failure is reported when its turn comes; until then it must not count as unhandled.
    result.catch(() => undefined);
    return result;
  };
  const ready = Array.from({ length: room }, next);
  const close = async (): Promise<void> => {
    closed = true;
    // No request may be left behind.
    await Promise.allSettled(ready);
    await iterator.return(undefined);
  };
  return {
    close,
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          const item = await ready.shift();
          if (item === undefined || item.done === true) return;
          ready.push(next());
          yield item.value;
        }
      } finally {
        await close();
      }
    },
  };
}

async function* untilClosed<T>(
  items: AsyncIterable<T>,
  isClosed: () => boolean,
): AsyncGenerator<T> {
  for await (const item of items) {
    if (isClosed()) return;
    yield item;
  }
}
