import { type Answer, json } from '../../../sandbox/answer.ts';
import { refuse } from './errors.ts';
import { readInteger } from './parameters.ts';

export type Item = Readonly<Record<string, unknown>>;

type Envelope = 'last' | 'next';

export type ListShape = {
  /** How a page says where the next begins: the id of its last record, or a token. */
  envelope: Envelope;
  /** How many records a page has unless it is asked, and at most. */
  usual: number;
  most: number;
  /** The field that has an item's id. */
  id?: string;
};

export const BY_LAST: ListShape = { envelope: 'last', usual: 20, most: 100 };
export const BY_NEXT: ListShape = { envelope: 'next', usual: 100, most: 1000 };

/** One page of a list, which may change while it is read: a page begins after the record that the former ended with. */
export function pageOf(items: readonly Item[], params: URLSearchParams, shape: ListShape): Answer {
  const { envelope, usual, most, id = 'id' } = shape;
  const limit = readInteger(params, 'limit', 1, most) ?? usual;
  const after = params.get('after');
  const place = after === null ? -1 : items.findIndex((item) => item[id] === idIn(after, envelope));
  if (after !== null && place < 0) refuse('after', `No such object: ${after}`);
  const data = items.slice(place + 1, place + 1 + limit);
  const has_more = place + 1 + limit < items.length;
  const [first, last] = [data[0]?.[id] ?? null, data.at(-1)?.[id] ?? null];
  const where =
    envelope === 'last'
      ? { first_id: first, last_id: last }
      : { next: has_more ? tokenTo(last as string) : null };
  return json(200, { object: 'list', data, ...where, has_more }, data.length);
}

function tokenTo(id: string): string {
  return Buffer.from(id).toString('base64url');
}

function idIn(after: string, envelope: Envelope): string {
  return envelope === 'last' ? after : Buffer.from(after, 'base64url').toString('utf8');
}
