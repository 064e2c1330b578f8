import type { Page, StreamReader } from '../model.ts';

/** A stream that lists things as they are now. `since` is the version that brought its endpoint, null if not stated. */
export function snapshot(
  stream: string,
  endpoint: string,
  since: string | null,
  read: () => AsyncIterable<Page>,
): StreamReader {
  return { stream, kind: 'snapshot', endpoint, since, required: false, read };
}
