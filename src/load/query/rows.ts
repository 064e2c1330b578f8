import type { JsonValue } from './json-values.ts';
import type { Answer } from './query.ts';

/** The rows of an answer one by one. Throws once `signal` has fired. */
export async function* rowsIn(
  { chunks }: Answer,
  signal: AbortSignal,
): AsyncGenerator<JsonValue[]> {
  for await (const rows of chunks) {
    signal.throwIfAborted();
    yield* rows;
  }
}

/** The same by the names of their columns, JSON parsed. */
export async function* rowsOf(
  answer: Answer,
  signal: AbortSignal,
): AsyncGenerator<Record<string, JsonValue>> {
  for await (const values of rowsIn(answer, signal)) {
    yield Object.fromEntries(
      answer.columns.map(({ name, isJson }, i) => {
        const value = values[i] ?? null;
        return [
          name,
          isJson && typeof value === 'string' ? (JSON.parse(value) as JsonValue) : value,
        ];
      }),
    );
  }
}
