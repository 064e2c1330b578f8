import { byWindow } from '../../extract/by-window.ts';
import type { SourceClient } from '../../extract/client.ts';
import { completePart } from '../../extract/complete-part.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { SECOND } from '../../extract/paging/keyset.ts';
import { DAYS_FROM_EIGHT } from '../../extract/periods.ts';
import type { Reading, Stream } from '../../extract/port.ts';
import { readRow } from '../../extract/record.ts';
import { segment } from '../../extract/segment.ts';
import { type LongestRange, rangeCap, splitRange } from '../../extract/split-range.ts';
import type { OpenWindow, Page, PartEnd, Quirk, SourceRecord, Window } from '../../model.ts';
import { DAY, iso } from '../../platform/time.ts';
import { ENTERPRISE, readList, seconds } from './client.ts';
import { parsePeriods, periodsOf } from './period-list.ts';
import { deletedIn, PERMISSION, type Session } from './session.ts';

const BASE = `${ENTERPRISE}/consumption`;
const LIMITS = `${BASE}/acu-limits/devin`;
const CYCLES = `${BASE}/cycles`;
const NEEDS = PERMISSION.consumption;

type Scope = 'enterprise' | 'organization' | 'user' | 'service-user';

/** The permission to list those whose consumption is asked for, on top of the one to read it. */
const TO_LIST: Record<Scope, string> = {
  enterprise: '',
  organization: ` and ${PERMISSION.organizations}`,
  user: ` and ${PERMISSION.members}`,
  'service-user': ` and ${PERMISSION.members}`,
};

/** Billing cycles, limits, and what was consumed per day: a day begins at 08:00 UTC, in summer too. */
export const consumption: readonly Stream<Session>[] = [
  {
    name: 'acu-limits',
    kind: 'snapshot',
    brings: 'limits of consumption',
    endpoint: LIMITS,
    needs: NEEDS,
    maps: { entity: 'directory.sql' },
    open: ({ client }) => ({ read: () => readLimits(client) }),
  },
  {
    name: 'consumption-cycles',
    kind: 'snapshot',
    brings: 'billing cycles; `after` is the beginning, `before` the end',
    endpoint: CYCLES,
    needs: NEEDS,
    maps: { entity: 'directory.sql' },
    // `after` is the beginning of a cycle; the parameter of that name is the cursor.
    open: ({ client }) => ({ read: () => readList(client, CYCLES, 'after') }),
  },
  daily('enterprise'),
  daily('organization'),
  daily('user'),
  daily('service-user'),
];

function daily(scope: Scope): Stream<Session> {
  const endpoint = `${BASE}/daily${scope === 'enterprise' ? '' : `/${scope}s/{id}`}`;
  return {
    name: `consumption-${scope}`,
    kind: 'series',
    brings: 'ACU per day and product',
    endpoint,
    needs: NEEDS + TO_LIST[scope],
    period: DAYS_FROM_EIGHT,
    unknowns: [{ what: 'the day of figures', places: ['consumption_by_date.*.date'] }],
    maps: { figure: 'consumption.sql' },
    wanted: ({ options: { usageScopes } }) => {
      if (scope === 'enterprise') return true;
      // There are as many figures of service users as of people, and the same setting turns both on.
      return usageScopes.includes(scope === 'organization' ? 'organization' : 'user');
    },
    open: (session): Reading => {
      const longest: LongestRange = { ms: Number.POSITIVE_INFINITY };
      const read = (id: string, window: Window): Promise<Page[]> =>
        readMember(session, { scope, endpoint, id, longest }, window);
      return { read: byWindow((window) => readMembers(session, scope, endpoint, window, read)) };
    },
  };
}

async function* readMembers(
  session: Session,
  scope: Scope,
  endpoint: string,
  window: OpenWindow,
  read: (id: string, window: Window) => Promise<Page[]>,
): AsyncGenerator<Page | PartEnd> {
  const ids = (await membersOf(session, scope)).toSorted((a, b) => (a < b ? -1 : 1));
  const rest = ids.filter((id) => window.part === null || id > window.part);
  const { width, quirk } = session;
  const options = {
    endpoint: endpoint.replace('/{id}', ''),
    width,
    resumed: rest.length < ids.length,
    quirk,
    ...(scope === 'organization' ? { isDeleted: deletedIn(session) } : {}),
  };
  yield* fanOut(rest, options, (id) => read(id, window));
}

async function readMember(
  { client, quirk }: Session,
  asked: { scope: Scope; endpoint: string; id: string; longest: LongestRange },
  window: Window,
): Promise<Page[]> {
  const { scope, endpoint, id, longest } = asked;
  const path = endpoint.replace('{id}', segment(id));
  const context = { scope: scope.replace('-', '_'), scope_id: id, granularity: 'daily' };
  const ask = ({ from, to }: Window) => {
    // A second early: whether a day that begins at the bound is left out is not documented.
    const range = { time_after: seconds(from - SECOND), time_before: seconds(to) };
    return client.get(path, range, parseDays);
  };
  const onCapped = rangeCap(`${BASE}/daily`, quirk);
  const pages: Page[] = [];
  for await (const { piece, answer } of splitRange(
    window,
    longest,
    ask,
    onCapped,
    DAYS_FROM_EIGHT,
  )) {
    const { value, note } = answer;
    noteCalendar(value.records, quirk);
    const records = periodsOf(id, value.records, piece, DAYS_FROM_EIGHT);
    pages.push({ note: { ...note, context }, records, place: null });
  }
  return completePart(pages, id);
}

async function membersOf(session: Session, scope: Scope): Promise<string[]> {
  // The API has no name for the whole.
  if (scope === 'enterprise') return ['enterprise'];
  if (scope === 'organization') return await session.organizations.ids();
  if (scope === 'service-user') return await session.serviceUsers.ids();
  return [...new Set([...(await session.users.ids()), ...(await session.idpUsers.ids())])];
}

/** A limit has no id: its key is what it limits. One that is no object is kept as it is, and reported by the transform. */
async function* readLimits(client: SourceClient): AsyncGenerator<Page> {
  for await (const page of readList(client, LIMITS, 'limit_id')) {
    const records = page.records.map((record): SourceRecord => {
      const [scope, organization, user] = ['scope', 'org_id', 'user_id'].map(
        (name) => readRow(record.bytes, { id: [name], time: [] }).id ?? '',
      );
      const key = `${scope}/${organization}/${user}`;
      return key === '//' ? record : { ...record, key };
    });
    yield { ...page, records };
  }
}

function parseDays(body: Buffer): { records: SourceRecord[] } {
  return parsePeriods(body, 'consumption_by_date', 'date');
}

function noteCalendar(records: readonly SourceRecord[], quirk: (quirk: Quirk) => void): void {
  for (const { time } of records) {
    if (time === null || DAYS_FROM_EIGHT.floor(time) === time) continue;
    const begins = iso(time % DAY).slice(11, 16);
    quirk({ code: 'days-shifted', what: `a day of consumption begins at ${begins} UTC` });
    return;
  }
}
