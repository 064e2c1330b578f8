import { type Answer, json, jsonText } from '../../../sandbox/answer.ts';
import { cursorTo, fingerprint, readCursor } from './cursor.ts';
import { readInteger } from './parameters.ts';
import type { Quirks } from './quirks.ts';
import type { Inquiry } from './state.ts';

const DEFAULT_FIRST = 100;
const MAX_FIRST = 200;

/** One page of a list, however it was found. */
export type Page = {
  /** The items as JSON. */
  readonly texts: readonly string[];
  readonly total: number;
  /** Where the next page begins; null on the last. */
  readonly next: string | null;
};

/** How many items a page is to have. */
export function readFirst(params: URLSearchParams, most = MAX_FIRST): number {
  return readInteger(params, 'first', 1, most) ?? DEFAULT_FIRST;
}

/** One page of the items that are kept. `filters` names the parameters that decide which these are. */
export function pageOf<Item>(
  { path, params, state }: Inquiry,
  items: readonly Item[],
  filters: readonly string[] = [],
  keeps: (item: Item) => boolean = () => true,
  most = MAX_FIRST,
): Answer {
  const first = readFirst(params, most);
  const asked = fingerprint(path, params, filters);
  const [start] = readCursor(params, asked) ?? [0, 0];
  // The cursor counts all items, not the kept ones: one that no longer fits a filter moves no other.
  const places = [...items.keys()].filter((place) => keeps(itemAt(items, place)));
  const rest = places.filter((place) => place >= start);
  const next = rest[first];
  const page: Page = {
    texts: rest.slice(0, first).map((place) => JSON.stringify(itemAt(items, place))),
    total: places.length,
    next: next === undefined ? null : cursorTo([next, 0], asked),
  };
  return answerPage(page, params.get('after'), state.quirks);
}

/** The page in its envelope, of which only `items` is certain. It is text, so that what a test put in arrives byte for byte. */
export function answerPage(page: Page, after: string | null, quirks: Quirks): Answer {
  const envelope = {
    ...(quirks.cursor !== 'missing' && { end_cursor: statedCursor(page, after, quirks) }),
    ...(quirks.hasNextPage === 'present' && { has_next_page: page.next !== null }),
    ...(quirks.total !== 'absent' && { total: quirks.total === 'exact' ? page.total : null }),
  };
  const tail = JSON.stringify(envelope).slice(1);
  const separator = tail === '}' ? '' : ',';
  const body = `{"items":[${page.texts.join(',')}]${separator}${tail}`;
  return jsonText(200, body, page.texts.length);
}

/** A list that the vendor serves bare and whole. */
export function bareList(items: readonly unknown[]): Answer {
  return json(200, items, items.length);
}

function statedCursor({ next }: Page, after: string | null, { cursor }: Quirks): string | null {
  return cursor === 'repeated' && next !== null ? (after ?? next) : next;
}

function itemAt<Item>(items: readonly Item[], place: number): Item {
  const item = items[place];
  if (item === undefined) throw new RangeError(`no item ${place} among ${items.length}`);
  return item;
}
