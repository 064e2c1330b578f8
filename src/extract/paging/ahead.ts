/** What is read ahead; whoever stops before its end closes it. */
export type Ahead<T> = AsyncIterable<T> & { close(): Promise<void> };

/** Fetches items before the caller asks for them, beginning at once: at most `room` lie ready. */
export function ahead<T>(items: AsyncIterable<T>, room = 1): Ahead<T> {
  let closed = false;
  const iterator = untilClosed(items, () => closed);
  // A generator works its calls off one after another, so that several may wait.
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
