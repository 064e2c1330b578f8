import { byWindow } from '../../extract/by-window.ts';
import { type CountedPage, type HeldPage, readWhole } from '../../extract/paging/counted-list.ts';
import { UTC_DAYS } from '../../extract/periods.ts';
import type { Stream } from '../../extract/port.ts';
import type { Millis, OpenWindow, Page, Window } from '../../model.ts';
import { DAY, HOUR, isoDay } from '../../platform/time.ts';
import { parsePage } from './client.ts';
import type { Session } from './session.ts';

const TEAM = '/teams/filtered-usage-events';
const ORGANIZATION = '/organizations/filtered-usage-events';

/** The documented maximum; the defaults are 100 and, of an organization, 10. */
const PAGE_SIZE = 1000;

/** Usage is counted up to so much later: what is younger is left for the next run. */
const SETTLE = 3 * HOUR;

/** A day of more pages than this is read hour by hour. */
const PATIENCE = { pages: 20, passes: 2 };

const FIELDS = { id: [], time: ['timestamp'] };

/**
 * What every call of a model cost. The rows have no id: they are known by their content, a day is read as a whole, and what
 * the vendor prices anew takes the place of what it was.
 */
export const usageEvents: readonly Stream<Session>[] = [
  {
    name: 'usage-events',
    kind: 'series',
    brings: 'every call of a model: tokens, and what is charged for it',
    endpoint: TEAM,
    needs: 'a team key with `admin:*`',
    reads: [{ method: 'POST', path: TEAM }],
    maps: { figure: 'usage-events.sql' },
    wanted: ({ options }) => options.levels.includes('team'),
    open: (session) => ({ read: byWindow((window) => readDays(session, TEAM, window)) }),
  },
  {
    name: 'organization-usage-events',
    kind: 'series',
    brings: 'the same of all teams; only with `levels: [organization]`',
    endpoint: ORGANIZATION,
    needs: 'an organization key with `usage:*`',
    reads: [{ method: 'POST', path: ORGANIZATION }],
    maps: { figure: 'usage-events.sql' },
    wanted: ({ options }) => options.levels.includes('organization'),
    open: (session) => ({ read: byWindow((window) => readDays(session, ORGANIZATION, window)) }),
  },
];

/** Day by day, after the one up to which the window has been read. */
async function* readDays(
  session: Session,
  path: string,
  { from, to, part }: OpenWindow,
): AsyncGenerator<Page> {
  const settled = session.now() - SETTLE;
  for (let start = UTC_DAYS.floor(from); start < Math.min(to, settled); start += DAY) {
    const day = isoDay(start);
    if (part !== null && day <= part) continue;
    const range = { from: start, to: Math.min(start + DAY, settled) };
    const fraction = (range.to - from) / (to - from);
    for await (const { pages, isLast } of readDay(session, path, range)) {
      for (const [i, { note, records }] of pages.entries()) {
        const page = {
          note,
          records: records.map((record) => ({ ...record, key: `${day}/${record.key}` })),
          place: null,
          fraction,
        };
        yield isLast && i === pages.length - 1 ? { ...page, part: day } : page;
      }
    }
  }
}

/** In one piece, or hour by hour: events of one instant, of which equal ones are counted, are in the same piece. */
async function* readDay(
  session: Session,
  path: string,
  { from, to }: Window,
): AsyncGenerator<{ pages: HeldPage[]; isLast: boolean }> {
  const ask = (piece: Window, patience: { patience?: typeof PATIENCE }) =>
    readWhole({
      fetch: (page) => fetchPage(session, path, piece, page),
      subject: path,
      ...patience,
    });
  const whole = await ask({ from, to }, { patience: PATIENCE });
  if (whole !== null) {
    yield { pages: whole, isLast: true };
    return;
  }
  for (let hour: Millis = from; hour < to; hour += HOUR) {
    const pages = (await ask({ from: hour, to: Math.min(hour + HOUR, to) }, {})) ?? [];
    yield { pages, isLast: hour + HOUR >= to };
  }
}

async function fetchPage(
  { read, quirk }: Session,
  path: string,
  { from, to }: Window,
  page: number,
): Promise<CountedPage> {
  // Both bounds are within.
  const body = JSON.stringify({ startDate: from, endDate: to - 1, page, pageSize: PAGE_SIZE });
  const { value, note } = await read({ method: 'POST', path, body }, (bytes) =>
    parsePage(bytes, ['usageEvents'], FIELDS),
  );
  const { records, total, more } = value;
  const isAsked = ({ time }: { time: Millis | null }): boolean =>
    time === null || (time >= from && time < to);
  if (records.every(isAsked)) return { rows: records, note, total, more };
  // They would be counted again with the day that they are of.
  quirk({
    code: 'usage-outside',
    what: `${path} serves usage of other times than it is asked for`,
  });
  const left = records.filter(isAsked);
  return {
    rows: left,
    note,
    total: total === null ? null : total - records.length + left.length,
    more,
  };
}
