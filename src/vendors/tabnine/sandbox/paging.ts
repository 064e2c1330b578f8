import { type Answer, Refusal, json } from '../../../sandbox/answer.ts';
import { validationError } from './errors.ts';

export type Paging = { readonly limit: number; readonly offset: number };

type Query = Readonly<Record<string, string>>;

/**
 * `limit` and `offset` of a directory list. Without defaults both are required: the live API answers "received nan" for
 * what is missing, all complaints at once.
 */
export function readPaging(
  query: Query,
  minLimit: number,
  defaults?: Paging,
  maxLimit = Number.MAX_SAFE_INTEGER,
): Paging {
  const offset = Number(query['offset'] ?? defaults?.offset);
  const limit = Number(query['limit'] ?? defaults?.limit);
  const errors = [
    ...complaints('offset', offset, 0, Number.MAX_SAFE_INTEGER),
    ...complaints('limit', limit, minLimit, maxLimit),
  ];
  if (errors.length > 0) throw new Refusal(validationError(errors));
  return { limit, offset };
}

/** A switch in the query: true, false, or not given. */
export function readFlag(query: Query, name: string): boolean | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Refusal(validationError([`${name}: Expected boolean, received string`]));
}

/** One page in the envelope `{data, meta}`. The last page has no `next` at all. */
export function pageOf(items: readonly unknown[], { limit, offset }: Paging): Answer {
  const data = items.slice(offset, offset + limit);
  const end = offset + data.length;
  const meta = { count: data.length, total: items.length };
  const more = end < items.length && data.length > 0;
  return json(
    200,
    { data, meta: more ? { ...meta, next: { limit, offset: end } } : meta },
    data.length,
  );
}

function complaints(name: string, value: number, minimum: number, maximum: number): string[] {
  if (Number.isNaN(value)) return [`${name}: Expected number, received nan`];
  if (!Number.isInteger(value)) return [`${name}: Expected integer, received float`];
  if (value < minimum) return [`${name}: Number must be greater than or equal to ${minimum}`];
  if (value > maximum) return [`${name}: Number must be less than or equal to ${maximum}`];
  return [];
}
