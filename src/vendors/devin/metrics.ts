import { readObject } from '../../extract/read-object.ts';
import { byWindow } from '../../extract/by-window.ts';
import type { Query } from '../../extract/client.ts';
import { fanOutDays } from '../../extract/fan-out-days.ts';
import { MONDAY_WEEKS, MONTHS, UTC_DAYS } from '../../extract/periods.ts';
import type { Reading, Stream } from '../../extract/port.ts';
import { type LongestRange, rangeCap, splitRange } from '../../extract/split-range.ts';
import type { OpenWindow, Page, PartEnd, Period, SourceRecord, Window } from '../../model.ts';
import { ENTERPRISE, seconds } from './client.ts';
import { parsePeriods, periodsOf } from './period-list.ts';
import { PERMISSION, type Session } from './session.ts';
import { DAY, isoDay } from '../../platform/time.ts';

const BASE = `${ENTERPRISE}/metrics`;

/** Figures of the enterprise, by UTC days, weeks from Monday and months. */
export const metrics: readonly Stream<Session>[] = [
  list('dau', 'active users per day', 'daily', UTC_DAYS),
  list('wau', 'active users per week', 'weekly', MONDAY_WEEKS),
  list('mau', 'active users per month', 'monthly', MONTHS),
  total('active-users', 'active users, a day at a time'),
  total('sessions', 'sessions by size and origin, a day at a time'),
  total('sessions-by-category', 'sessions and ACU by what they were about, a day at a time'),
  total('prs', 'pull requests, a day at a time'),
  total('searches', 'searches, a day at a time'),
  total('usage', 'sessions, searches and pull requests, a day at a time'),
];

/** Answered as a list of periods, each with its bounds. */
function list(name: string, brings: string, granularity: string, period: Period): Stream<Session> {
  return {
    ...series(name, brings, period),
    open: (session): Reading => {
      const longest: LongestRange = { ms: Number.POSITIVE_INFINITY };
      return {
        read: byWindow((window) =>
          readPeriods(session, { name, granularity, period, longest }, window),
        ),
      };
    },
  };
}

async function* readPeriods(
  { client, quirk }: Session,
  asked: { name: string; granularity: string; period: Period; longest: LongestRange },
  window: OpenWindow,
): AsyncGenerator<Page> {
  const { name, granularity, period, longest } = asked;
  const path = `${BASE}/${name}`;
  const part = 'all';
  const ask = (piece: Window) => client.get(path, rangeOf(piece), parseActives);
  const onCapped = rangeCap(path, quirk);
  let last: Page | null = null;
  for await (const { piece, answer } of splitRange(window, longest, ask, onCapped, period)) {
    if (last !== null) yield last;
    const records = periodsOf(part, answer.value.records, piece, period);
    last = { note: { ...answer.note, context: about(granularity) }, records, place: null };
  }
  if (last !== null) yield { ...last, part };
}

/** Answered as one total for the range that is asked for: asked day by day. */
function total(name: string, brings: string): Stream<Session> {
  return {
    ...series(name, brings, UTC_DAYS),
    open: (session): Reading => ({
      read: byWindow((window) => readDays(session, `${BASE}/${name}`, window)),
    }),
  };
}

async function* readDays(
  { client, width, quirk }: Session,
  path: string,
  window: OpenWindow,
): AsyncGenerator<Page | PartEnd> {
  yield* fanOutDays(window, { endpoint: path, width, quirk }, async (day): Promise<Page[]> => {
    const bounds = { from: new Date(day).toISOString(), to: new Date(day + DAY).toISOString() };
    const context = { ...about('daily'), ...bounds };
    const part = isoDay(day);
    const page = await readObject(
      client,
      { path, query: rangeOf({ from: day, to: day + DAY }) },
      `${part}/all`,
    );
    const records = page.records.map((record) => ({ ...record, time: day }));
    return [{ ...page, records, note: { ...page.note, context }, part }];
  });
}

/** The API has no name for the whole. */
function about(granularity: string): Record<string, string> {
  return { scope: 'enterprise', scope_id: 'enterprise', granularity };
}

function series(name: string, brings: string, period: Period): Omit<Stream<Session>, 'open'> {
  return {
    name: `metrics-${name}`,
    kind: 'series',
    brings,
    endpoint: `${BASE}/${name}`,
    needs: PERMISSION.metrics,
    period,
    maps: { figure: 'metrics.sql' },
  };
}

function rangeOf({ from, to }: Window): Query {
  return { time_after: seconds(from), time_before: seconds(to) };
}

function parseActives(body: Buffer): { records: SourceRecord[] } {
  return parsePeriods(body, 'items', 'start_time');
}
