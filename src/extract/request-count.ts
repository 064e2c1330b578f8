import { AsyncLocalStorage } from 'node:async_hooks';

/** Streams share the client of their source and read side by side: whose request one is, only the reading knows that waits for it. */
const reading = new AsyncLocalStorage<{ requests: number }>();

/** Counts the requests that are sent for a piece of work. `requests` is right once the work has ended. */
export async function countingRequests(work: () => Promise<void>): Promise<number> {
  const count = { requests: 0 };
  await reading.run(count, work);
  return count.requests;
}

export function noteRequest(): void {
  const count = reading.getStore();
  if (count !== undefined) count.requests += 1;
}
