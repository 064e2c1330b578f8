import type { Page, Quirk, SourceRecord, StreamReader } from '../../model.ts';
import type { SourceClient } from '../../extract/client.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { gone } from '../../extract/gone.ts';
import { SECOND } from '../../extract/paging/keyset.ts';
import { DAY, DAYS_FROM_EIGHT } from '../../extract/periods.ts';
import { completing } from '../../extract/parts.ts';
import { cappedAt, inPieces, type Longest } from '../../extract/ranges.ts';
import { snapshot } from '../../extract/snapshot.ts';
import { type Rosters, takes, TO_LIST, unlessDeleted } from './directory.ts';
import { ENTERPRISE, readPages, seconds, segment } from './pages.ts';
import { parsePeriods, periodsOf } from './period-list.ts';

const BASE = `${ENTERPRISE}/consumption`;

/** The vendor renamed it; either may be what the service user has. */
const NEEDS = 'ViewAccountConsumption (formerly ManageBilling)';

export type ConsumptionScope = 'enterprise' | 'organization' | 'user' | 'service-user';

/** Billing cycles, limits, and what was consumed per day: a day begins at 08:00 UTC, in summer too. */
export function consumption(
  client: SourceClient,
  width: number,
  who: Rosters,
  scopes: readonly ConsumptionScope[],
  quirk: (quirk: Quirk) => void,
): StreamReader[] {
  const membersOf = async (scope: ConsumptionScope): Promise<string[]> => {
    // The API has no name for the whole.
    if (scope === 'enterprise') return ['enterprise'];
    if (scope === 'organization') return await who.organizations.ids();
    if (scope === 'service-user') return await who.serviceUsers.ids();
    return [...new Set([...(await who.users.ids()), ...(await who.idpUsers.ids())])];
  };

  const daily = (scope: ConsumptionScope): StreamReader => {
    const longest: Longest = { ms: Number.POSITIVE_INFINITY };
    const capped = cappedAt(`${BASE}/daily`, quirk);
    const below = scope === 'enterprise' ? '' : `/${scope}s`;
    return {
      stream: `consumption-${scope}`,
      kind: 'series',
      endpoint: `${BASE}/daily${below}${below === '' ? '' : '/{id}'}`,
      since: null,
      needs: NEEDS + toList(scope),
      period: DAYS_FROM_EIGHT,
      required: false,
      async *read(window) {
        if (window === null) throw new Error('consumption is read by window');
        const ids = (await membersOf(scope)).toSorted((a, b) => (a < b ? -1 : 1));
        const rest = ids.filter((id) => window.part === null || id > window.part);
        const read = async (id: string): Promise<Page[]> => {
          const path = `${BASE}/daily${below === '' ? '' : `${below}/${segment(id)}`}`;
          const context = { scope: scope.replace('-', '_'), scope_id: id, granularity: 'daily' };
          const pages: Page[] = [];
          const ask = ({ from, to }: { from: number; to: number }) =>
            // A second early: whether a day that begins at the bound is left out is not stated.
            client.get(
              path,
              { time_after: seconds(from - SECOND), time_before: seconds(to) },
              parseDays,
            );
          for await (const { piece, answer } of inPieces(
            window,
            longest,
            ask,
            capped,
            DAYS_FROM_EIGHT,
          )) {
            const { value, note } = answer;
            const records = periodsOf(id, value.records, piece);
            noteCalendar(value.records, quirk);
            pages.push({ note: { ...note, context }, records, place: null });
          }
          return completing(pages, id);
        };
        const begun = rest.length < ids.length;
        const onGone = gone(`${BASE}/daily${below}`, quirk);
        yield* fanOut(rest, { width, begun, onGone }, (id) =>
          scope === 'organization' ? unlessDeleted(who, id, () => read(id)) : read(id),
        );
      },
    };
  };

  const limits = `${BASE}/acu-limits/devin`;
  return [
    takes(
      NEEDS,
      snapshot('acu-limits', limits, null, () => limitPages(client, limits)),
    ),
    takes(
      NEEDS,
      // Of a cycle `after` is the beginning and `before` the end; the parameter `after` is the cursor.
      snapshot('consumption-cycles', `${BASE}/cycles`, null, () =>
        readPages(client, `${BASE}/cycles`, {}, 'after'),
      ),
    ),
    ...scopes.map(daily),
  ];
}

function toList(scope: ConsumptionScope): string {
  if (scope === 'enterprise') return '';
  return scope === 'organization' ? TO_LIST.organizations : TO_LIST.members;
}

/** A limit has no id: it is told by what it limits. */
async function* limitPages(client: SourceClient, path: string): AsyncGenerator<Page> {
  for await (const page of readPages(client, path, {}, 'limit_id')) {
    const records = page.records.map((record): SourceRecord => {
      const limit = JSON.parse(record.bytes.toString('utf8')) as Record<string, unknown>;
      const text = (name: string): string => (typeof limit[name] === 'string' ? limit[name] : '');
      return { ...record, key: `${text('scope')}/${text('org_id')}/${text('user_id')}` };
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
    const begins = new Date(time % DAY).toISOString().slice(11, 16);
    quirk({ code: 'days-shifted', what: `a day of consumption begins at ${begins} UTC` });
    return;
  }
}
