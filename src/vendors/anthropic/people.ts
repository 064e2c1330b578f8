import { byWindow } from '../../extract/by-window.ts';
import type { Query } from '../../extract/client.ts';
import { completePart } from '../../extract/complete-part.ts';
import { fanOutDays } from '../../extract/fan-out-days.ts';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import type { Stream } from '../../extract/port.ts';
import { parseObject, isObject } from '../../extract/slice/object.ts';
import type { Millis, OpenWindow, Page, PartEnd } from '../../model.ts';
import { keyOfContent, keyOfId } from '../../platform/key.ts';
import { DAY, isoDay, isoSecond } from '../../platform/time.ts';
import { BY_TOKEN, fetchPage, isRejected, PAGE_SIZE } from './client.ts';
import { KEPT, lastCounted, servedRange } from './served.ts';
import { KEY, type Session } from './session.ts';

/** The id of a person has two names. */
const IDS = ['user_id', 'id'];

/** Figures of people, a day at a time. */
type Daily = {
  path: string;
  query: (day: Millis) => Query;
  /** Who and what a row is about, besides the day. */
  keyOf: (row: Record<string, unknown>) => unknown[];
  /** The field that says who. */
  who: 'actor' | 'user';
  /** The last day that is asked for. */
  until: (now: Millis) => Millis;
};

export function costsOfPeople(base: string, restated: Millis): Stream<Session> {
  return daily('enterprise-costs-users', 'costs per day, person and product', restated, {
    path: `${base}/user_cost_report`,
    query: (day) => ({
      starting_at: isoSecond(day),
      ending_at: isoSecond(day + DAY),
      'group_by[]': 'product',
    }),
    keyOf: (row) => [idIn(row['actor']), row['product']],
    who: 'actor',
    until: (now) => now,
  });
}

export function activityOfPeople(base: string): Stream<Session> {
  return daily('enterprise-activity', 'what each person did per day', 7 * DAY, {
    path: `${base}/users`,
    query: (day) => ({ date: isoDay(day) }),
    keyOf: (row) => [idIn(row['user'])],
    who: 'user',
    until: lastCounted,
  });
}

function daily(name: string, brings: string, restated: Millis, asked: Daily): Stream<Session> {
  return {
    name,
    kind: 'series',
    brings,
    endpoint: asked.path,
    needs: KEY.analytics,
    restated,
    keeps: KEPT,
    unknowns: [
      { what: 'the id of a person', places: IDS.map((id) => `data.*.${asked.who}.${id}`) },
    ],
    maps: { figure: 'analytics.sql' },
    wanted: ({ options }) => options.enterprise,
    open: (session) => ({ read: byWindow((window) => readDays(session, asked, window)) }),
  };
}

function readDays(
  session: Session,
  asked: Daily,
  window: OpenWindow,
): AsyncGenerator<Page | PartEnd> {
  const { width, quirk, now } = session;
  const { from, to } = servedRange(window, now());
  const served = { from, to: Math.min(to, asked.until(now()) + 1), part: window.part };
  return fanOutDays(served, { endpoint: asked.path, width, quirk }, (day) =>
    readDay(session, asked, day),
  );
}

/** How late a day may be. What is asked for too early is refused, with the newest day there is. */
const LATEST: Millis = 4 * DAY;

async function readDay(session: Session, asked: Daily, day: Millis): Promise<Page[]> {
  const part = isoDay(day);
  const pages: Page[] = [];
  const seen = new Set<string>();
  try {
    for await (const { rows, note } of cursorPages(
      (after) => fetchDay(session, asked, day, after),
      asked.path,
    )) {
      const records = rows.map(({ bytes }) => {
        const about = asked.keyOf(parseObject(bytes, 'a row'));
        const place = keyOfId(JSON.stringify(about));
        const isTwice = seen.has(place);
        seen.add(place);
        return { bytes, key: `${part}/${isTwice ? keyOfContent(bytes, 0) : place}`, time: day };
      });
      const context = { granularity: 'daily', scope: 'user', day: part };
      pages.push({ note: { ...note, context }, records, place: null });
    }
  } catch (error) {
    if (!isRejected(error) || day < session.now() - LATEST) throw error;
    session.quirk({
      code: 'day-not-ready',
      what: `${asked.path} has no figures yet for a day of the last four: the next run asks again`,
    });
    return [];
  }
  return completePart(pages, part);
}

function fetchDay(
  { client }: Session,
  { path, query }: Daily,
  day: Millis,
  after: string | null,
): Promise<CursorPage> {
  const names = { id: [], time: [] };
  const asked = { ...query(day), limit: String(PAGE_SIZE) };
  return fetchPage(client, { path, query: asked, paging: BY_TOKEN, names }, after);
}

function idIn(who: unknown): unknown {
  if (!isObject(who)) return null;
  return IDS.map((name) => who[name]).find((id) => (id ?? null) !== null) ?? null;
}
