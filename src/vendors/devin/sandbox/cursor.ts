import { createHash } from 'node:crypto';
import { refuse } from './errors.ts';

/** Where the next page begins, as opaque text that fits only the list, filters and order it was made for. */
export function cursorTo(position: readonly number[], asked: string): string {
  return Buffer.from(JSON.stringify([...position, asked])).toString('base64url');
}

/** The position in the `after` of a request; undefined without one. */
export function readCursor(
  params: URLSearchParams,
  asked: string,
): readonly [number, number] | undefined {
  const text = params.get('after');
  if (text === null) return undefined;
  const [first, second, madeFor] = decoded(text);
  if (typeof first !== 'number' || typeof second !== 'number' || madeFor !== asked) {
    refuse('after', 'Invalid cursor', 'value_error');
  }
  return [first, second];
}

/** What a cursor is bound to: the list, and the values of the parameters that choose and order its items. */
export function fingerprint(
  path: string,
  params: URLSearchParams,
  names: readonly string[],
): string {
  const values = names.map((name) => [name, params.getAll(name)]);
  return createHash('sha256')
    .update(JSON.stringify([path, values]))
    .digest('base64url')
    .slice(0, 16);
}

function decoded(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
