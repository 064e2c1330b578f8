import { MAX_CURSOR_LENGTH } from '../limits.ts';
import { MalformedBody } from '../slice/malformed-body.ts';

/**
 * Where an answer says how its list goes on: dotted names from the top level of the envelope down. `more` is the field that
 * says whether there is more, for APIs that have one.
 */
export type TokenFields = { token: string; more?: string };

/** What the envelope of a page says of the next one, for `cursorPages`. Null where it does not say. Pure. */
export function pageToken(
  envelope: unknown,
  { token, more }: TokenFields,
): { cursor: string | null; more: boolean | null } {
  const next = valueAt(envelope, token);
  if (typeof next === 'string' && next.length > MAX_CURSOR_LENGTH) {
    throw new MalformedBody(`the cursor to the next page has ${next.length} characters`);
  }
  const promised = more === undefined ? undefined : valueAt(envelope, more);
  return {
    // Some APIs number their tokens; an empty one is none.
    cursor:
      typeof next === 'number' || (typeof next === 'string' && next !== '') ? `${next}` : null,
    more: typeof promised === 'boolean' ? promised : null,
  };
}

function valueAt(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
