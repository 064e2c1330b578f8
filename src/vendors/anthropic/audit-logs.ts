import { byWindow } from '../../extract/by-window.ts';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import type { Stream } from '../../extract/port.ts';
import { Keyer, type Row } from '../../extract/record.ts';
import type { Millis, OpenWindow, Page, Window } from '../../model.ts';
import { DAY, HOUR, isoSecond } from '../../platform/time.ts';
import { BY_ID, fetchPage, PAGE_SIZE } from './client.ts';
import { KEY, type Session } from './session.ts';

const PATH = '/v1/compliance/activities';
const NAMES = { id: ['id'], time: ['created_at'] };

/** Activities are kept for six years: before that there is nothing to ask for. */
const KEPT: Millis = 6 * 366 * DAY;

/** The answer is newest first, so that only whole slices count: short ones where there is much, long ones where there is nothing. */
const SHORTEST: Millis = HOUR;
const LONGEST: Millis = 64 * DAY;

export const auditLogs: Stream<Session> = {
  name: 'audit-logs',
  kind: 'log',
  brings: 'the activity feed of the Compliance API',
  endpoint: PATH,
  needs: KEY.activities,
  required: true,
  keeps: KEPT,
  maps: { event: 'audit-logs.sql' },
  open: (session) => ({ read: byWindow((window) => readLog(session, window)) }),
};

/**
 * Slice by slice, oldest first, each of them newest first along the cursor. The other order exists, and loses what is
 * recorded late, behind the cursor; so it is never asked for.
 */
async function* readLog(session: Session, { place, to }: OpenWindow): AsyncGenerator<Page> {
  let length = DAY;
  for (let from = Math.max(place, to - KEPT); from < to;) {
    const slice = { from, to: Math.min(to, from + length) };
    let pages = 0;
    for await (const page of readSlice(session, slice)) {
      pages += 1;
      yield page;
    }
    from = slice.to;
    length = nextLength(length, pages);
  }
}

/** How long the slice after one is that took so many pages. Pure. */
export function nextLength(length: Millis, pages: number): Millis {
  if (pages > 8) return Math.max(SHORTEST, length / 2);
  return pages <= 2 ? Math.min(LONGEST, length * 2) : length;
}

async function* readSlice({ client, quirk }: Session, slice: Window): AsyncGenerator<Page> {
  const query = {
    limit: String(PAGE_SIZE),
    'created_at.gte': isoSecond(slice.from),
    'created_at.lt': isoSecond(slice.to),
  };
  const keyer = new Keyer();
  const fetch = (after: string | null): Promise<CursorPage> =>
    fetchPage(client, { path: PATH, query, paging: BY_ID, names: NAMES }, after);
  for await (const { rows, note, isLast } of cursorPages(fetch, PATH)) {
    const inside = rows.filter((row) => isInside(row, slice));
    if (inside.length < rows.length) {
      quirk({
        code: 'dated-outside',
        what: `${PATH} serves activities outside of the time that it is asked for: each is kept with the slice of its own time`,
      });
    }
    yield { note, records: inside.map((row) => keyer.key(row)), place: isLast ? slice.to : null };
  }
}

function isInside({ time }: Row, { from, to }: Window): boolean {
  return time === null || (time >= from && time < to);
}
