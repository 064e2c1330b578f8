import type { JsonValue } from './json-values.ts';
import type { Answer } from './query.ts';

/** The rows of an answer one by one, by the names of its columns. Throws once `signal` has fired. */
export async function* rowsOf(
  { columns, chunks }: Answer,
  signal: AbortSignal,
): AsyncGenerator<Record<string, JsonValue>> {
  for await (const rows of chunks) {
    signal.throwIfAborted();
    for (const values of rows) {
      yield Object.fromEntries(columns.map((name, i) => [name, values[i] ?? null]));
    }
  }
}
