import { byWindow } from '../../extract/by-window.ts';
import { type CountedPage, type HeldPage, readWhole } from '../../extract/paging/counted-list.ts';
import type { Reading, Stream } from '../../extract/port.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { sliceEntries } from '../../extract/slice/entries.ts';
import { sliceList } from '../../extract/slice/json.ts';
import type { Window } from '../../model.ts';
import { keyOfId } from '../../platform/key.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import { numbersOf } from './client.ts';
import { readByDay } from './days.ts';
import { parseObject } from '../../extract/slice/object.ts';
import type { Session } from './session.ts';

/** What is counted for the team and for each of its members. */
const METRICS = [
  'agent-edits',
  'tabs',
  'models',
  'top-file-extensions',
  'client-versions',
  'mcp',
  'commands',
  'plans',
  'skills',
  'ask-mode',
];

/** Of distinct people: the team alone has it. */
const PEOPLE = 'dau';

/** At most thirty; both days of a question are within. */
const DAYS = 28;

const USERS_PER_PAGE = '500';

/** The day has two names. */
const TIMES = ['event_date', 'date'];

export const analytics: readonly Stream<Session>[] = [
  ...[...METRICS, PEOPLE].map((metric) =>
    stream(`analytics-${metric}`, `/analytics/team/${metric}`, 'of the team', (session, path) => ({
      read: byWindow((window) =>
        readByDay(window, DAYS, (range) => readTeam(session, path, range)),
      ),
    })),
  ),
  ...METRICS.map((metric) =>
    stream(
      `analytics-${metric}-user`,
      `/analytics/by-user/${metric}`,
      'per member',
      (session, path) => ({
        read: byWindow((window) =>
          readByDay(window, DAYS, (range) => readUsers(session, path, range)),
        ),
      }),
    ),
  ),
];

function stream(
  name: string,
  endpoint: string,
  whose: string,
  open: (session: Session, path: string) => Reading,
): Stream<Session> {
  return {
    name,
    kind: 'series',
    brings: `analytics ${whose} per day`,
    endpoint,
    needs: 'a team key with `admin:*`, and an Enterprise plan',
    unknowns: [{ what: 'the day of a row', places: TIMES.flatMap(daysOfRows) }],
    maps: { figure: 'analytics.sql' },
    wanted: ({ options }) => options.levels.includes('team'),
    open: (session) => open(session, endpoint),
  };
}

/** Of the team rows are listed, of members per address. */
function daysOfRows(name: string): string[] {
  return [`data.*.${name}`, `data.*.*.${name}`, `data.*.data.*.${name}`];
}

function daysOf({ from, to }: Window): { startDate: string; endDate: string } {
  return { startDate: isoDay(from), endDate: isoDay(to - DAY) };
}

/** All days in one answer. */
async function readTeam({ read }: Session, path: string, range: Window): Promise<HeldPage[]> {
  const fetch = async (): Promise<CountedPage> => {
    const { value, note } = await read({ path, query: daysOf(range) }, (body) => ({
      records: namedApart(sliceList(body, ['data']).records, ''),
    }));
    return { rows: value.records, note, total: null, more: false };
  };
  return (await readWhole({ fetch, subject: path })) ?? [];
}

/** Pages count people, and are keyed by their addresses. */
async function readUsers({ read }: Session, path: string, range: Window): Promise<HeldPage[]> {
  const fetch = async (page: number): Promise<CountedPage> => {
    const query = { ...daysOf(range), page: String(page), pageSize: USERS_PER_PAGE };
    const { value, note } = await read({ path, query }, (body) => {
      const people = sliceEntries(body, 'data').map(({ name, bytes }) => {
        const person = encodeURIComponent(name.toLowerCase());
        return { person, rows: namedApart(sliceList(bytes, ['data']).records, `${person}/`) };
      });
      return {
        records: people.flatMap(({ rows }) => rows),
        // Who did nothing is named without a row, or not at all.
        people: people.map(({ person }) => person),
        ...numbersOf(parseObject(body)),
      };
    });
    const { records: rows, people: counts, total, more } = value;
    return { rows, note, total, more, counts };
  };
  return (await readWhole({ fetch, countedAs: ownerOf, subject: path })) ?? [];
}

function ownerOf({ id }: Row): string {
  return id?.split('/')[0] ?? '';
}

/** Rows have no id: of a day they are told apart by what they say in words, such as an extension, a version or a model. */
function namedApart(records: readonly Buffer[], owner: string): Row[] {
  const seen = new Map<string, number>();
  return records.map((bytes) => {
    const { time } = readRow(bytes, { id: [], time: TIMES });
    const words = wordsIn(bytes);
    const place = seen.get(`${time} ${words}`) ?? 0;
    seen.set(`${time} ${words}`, place + 1);
    const id = keyOfId(`${owner}${words}${place === 0 ? '' : `#${place}`}`);
    return { bytes, id, time };
  });
}

function wordsIn(bytes: Buffer): string {
  const texts = Object.entries(parseObject(bytes, 'a row'))
    .filter(([name, value]) => typeof value === 'string' && !TIMES.includes(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, value]) => encodeURIComponent(String(value)));
  return texts.length === 0 ? 'all' : texts.join('/');
}
