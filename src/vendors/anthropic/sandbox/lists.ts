import { type Answer, json } from '../../../sandbox/answer.ts';
import { refuse } from './errors.ts';
import { expectKnown, readLimit } from './parameters.ts';
import type { Inquiry } from './state.ts';

const MOST = 1000;

/** A list that goes on after the last id. A row that has gone meanwhile still says where that was. */
export function listById<Item>(
  inquiry: Inquiry,
  items: readonly Item[],
  idOf: (item: Item) => string,
  known: readonly string[] = [],
): Answer {
  const { params, state } = inquiry;
  expectKnown(inquiry, ['limit', 'after_id', 'before_id', ...known]);
  const limit = Math.min(readLimit(inquiry, 20, MOST), state.quirks.pageCap ?? MOST);
  const after = params.get('after_id');
  const start = after === null ? 0 : placeAfter(items.map(idOf), after);
  const page = items.slice(start, start + limit);
  const [first, last] = [page.at(0), page.at(-1)];
  return json(
    200,
    {
      data: page,
      first_id: first === undefined ? null : idOf(first),
      last_id: last === undefined ? null : idOf(last),
      has_more: start + limit < items.length,
    },
    page.length,
  );
}

function placeAfter(ids: readonly string[], after: string): number {
  const found = ids.indexOf(after);
  return found >= 0 ? found + 1 : refuse(400, 'after_id: no such id');
}

/** A list that goes on with a token. A page may be empty although there is more. */
export function listByToken(
  inquiry: Inquiry,
  items: readonly unknown[],
  { limit, more = {} }: { limit: number; more?: Record<string, unknown> },
): Answer {
  const { params, state } = inquiry;
  const token = params.get('page');
  const [place = 0, isEmpty = 0] = token === null ? [0, 0] : readToken(token);
  if (state.quirks.emptyPages && isEmpty === 0) {
    return json(200, { data: [], has_more: true, next_page: tokenOf(place, 1), ...more });
  }
  const page = items.slice(place, place + Math.min(limit, state.quirks.pageCap ?? limit));
  const next = place + page.length;
  const hasMore = next < items.length;
  return json(
    200,
    { data: page, has_more: hasMore, next_page: hasMore ? tokenOf(next, 0) : null, ...more },
    page.length,
  );
}

export function tokenOf(...numbers: number[]): string {
  return `page_${Buffer.from(JSON.stringify(numbers)).toString('base64url')}`;
}

export function readToken(token: string): number[] {
  try {
    const numbers: unknown = JSON.parse(
      Buffer.from(token.replace(/^page_/, ''), 'base64url').toString(),
    );
    if (Array.isArray(numbers) && numbers.every((number) => Number.isInteger(number)))
      return numbers as number[];
  } catch {
    // It is none of ours.
  }
  return refuse(400, 'page: invalid token');
}
