import { byWindow } from '../../extract/by-window.ts';
import { cursorPages } from '../../extract/paging/cursor.ts';
import type { Stream } from '../../extract/port.ts';
import { Keyer, type Row } from '../../extract/record.ts';
import type { Redaction } from '../../extract/redaction.ts';
import type { Millis, OpenWindow, Page } from '../../model.ts';
import { ENTERPRISE, fetchPage } from './client.ts';
import { PERMISSION, type Session } from './session.ts';

const PATH = `${ENTERPRISE}/searches`;

/** Nothing of an item is documented: these are the names that the vendor's other lists would suggest. */
const LISTS = ['items', 'searches', 'data'];
const IDS = ['search_id', 'id', 'query_id'];
const TIMES = ['created_at', 'searched_at', 'started_at', 'timestamp', 'updated_at'];
const PEOPLE = ['user_id', 'service_user_id', 'user_email'];

/** What is asked is content, and so may be whatever else is a text: a name that is not known here is not kept. */
export const SEARCH_TEXTS: Redaction = {
  name: 'devin-search-texts-1',
  hides: 'all texts of searches other than ids, times and who searched',
  texts: [
    {
      path: '**',
      keep: [...IDS, ...TIMES, ...PEOPLE, 'org_id', 'session_id', 'end_cursor', 'next_cursor'],
    },
  ],
};

export const searches: Stream<Session> = {
  name: 'searches',
  kind: 'log',
  brings: 'searches: who searched and when, without what was asked',
  endpoint: PATH,
  needs: PERMISSION.searches,
  unknowns: [
    { what: 'the list of searches', places: LISTS },
    { what: 'the id of a search', places: inLists(IDS) },
    { what: 'when somebody searched', places: inLists(TIMES) },
    { what: 'who searched', places: inLists(PEOPLE) },
  ],
  maps: { figure: 'searches.sql' },
  // Who searched how often is a figure of a person.
  wanted: ({ options }) => options.usageScopes.includes('user'),
  open: (session) => ({ read: byWindow((window) => readSearches(session, window)) }),
};

function inLists(names: readonly string[]): string[] {
  return names.flatMap((name) => [...LISTS.map((list) => `${list}.*.${name}`), `*.${name}`]);
}

/**
 * Neither a parameter for the time nor an order is documented: the list is read from its beginning, up to where it has shown
 * that it has nothing newer. One in another order is read whole.
 */
async function* readSearches({ client }: Session, window: OpenWindow): AsyncGenerator<Page> {
  const { from, to } = window;
  const names = { id: IDS, time: TIMES };
  const how = { redaction: SEARCH_TEXTS, lists: LISTS };
  const keyer = new Keyer();
  const order = new Order();
  const fetch = (after: string | null) => fetchPage(client, PATH, {}, after, names, how);
  for await (const { rows, note, isLast } of cursorPages(fetch, PATH)) {
    order.add(rows);
    const isEnd = isLast || order.isPast(from);
    const asked = rows.map((row) => keyer.key(row)).filter(({ time }) => isWithin(time, from, to));
    yield { note, records: asked, place: isEnd ? to : null };
    if (isEnd) return;
  }
}

/** What does not say when it was is wanted in any case. */
function isWithin(time: Millis | null, from: Millis, to: Millis): boolean {
  return time === null || (time >= from && time < to);
}

/** Whether a list goes from the newest to the oldest, as far as it has been read. */
class Order {
  #last: Millis | null = null;
  #isDescending = true;
  #hasDescended = false;

  add(rows: readonly Row[]): void {
    for (const { time } of rows) {
      // Without a time nothing is known of where it stands.
      if (time === null || (this.#last !== null && time > this.#last)) this.#isDescending = false;
      if (time !== null && this.#last !== null && time < this.#last) this.#hasDescended = true;
      this.#last = time ?? this.#last;
    }
  }

  /** Whether all that is to come is older. */
  isPast(from: Millis): boolean {
    return this.#isDescending && this.#hasDescended && this.#last !== null && this.#last < from;
  }
}
