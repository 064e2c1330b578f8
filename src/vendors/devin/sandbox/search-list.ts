import { type Answer, bytesOf, jsonText } from '../../../sandbox/answer.ts';
import { pageOf } from './paging.ts';
import type { Quirks } from './quirks.ts';
import type { Search } from './searches.ts';
import type { Inquiry } from './state.ts';

/** Searches of the enterprise. What an item is called, and what it has, is a quirk, since no document says it. */
export function searches(inquiry: Inquiry): Answer {
  const { quirks } = inquiry.state;
  const { list } = quirks.searches;
  const items = ordered(inquiry.state.searches, quirks.searches.order).map((search) =>
    itemOf(search, quirks.searches),
  );
  if (list === 'bare') return jsonText(200, JSON.stringify(items), items.length);
  const answer = pageOf(inquiry, items);
  const text = bytesOf(answer).toString('utf8');
  return jsonText(200, text.replace(/^\{"items"/, `{"${list}"`), answer.served ?? 0);
}

function ordered(all: readonly Search[], order: Quirks['searches']['order']): Search[] {
  if (order === 'oldest-first') return [...all];
  const newestFirst = all.toReversed();
  if (order === 'newest-first') return newestFirst;
  return newestFirst.toSorted((one, other) => (one.query < other.query ? -1 : 1));
}

function itemOf({ id, at, ...rest }: Search, names: Quirks['searches']): object {
  return {
    ...(names.id === null ? {} : { [names.id]: id }),
    ...(names.time === null ? {} : { [names.time]: at }),
    ...rest,
  };
}
