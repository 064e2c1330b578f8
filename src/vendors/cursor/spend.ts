import { type CountedPage, readWhole } from '../../extract/paging/counted-list.ts';
import type { Stream } from '../../extract/port.ts';
import { Keyer, readRow } from '../../extract/record.ts';
import { sliceList, sliceObject } from '../../extract/slice/json.ts';
import { isObject } from '../../extract/slice/object.ts';
import type { Page } from '../../model.ts';
import { instantOf } from '../../platform/instant.ts';
import { iso } from '../../platform/time.ts';
import { parsePage } from './client.ts';
import type { Session } from './session.ts';

const SPEND = '/teams/spend';
const POOLED = '/organizations/pooled-usage';

const OF_ORGANIZATION = '/organizations/spend';

/** The size by default is not said. */
const PAGE_SIZE = 100;

/** Where it is asked, and how. An organization's list is always in the order of addresses. */
type Asked = { path: string; sorted: Record<string, string>; lists: readonly string[] };

const OF_TEAM: Asked = {
  path: SPEND,
  sorted: { sortBy: 'user', sortDirection: 'asc' },
  lists: ['teamMemberSpend'],
};
/** What its list is called is not documented. */
const OF_CONTRACT: Asked = {
  path: OF_ORGANIZATION,
  sorted: {},
  lists: ['memberSpend', 'organizationMemberSpend', 'teamMemberSpend', 'members', 'data'],
};

/** What was spent, as it stands now. When a cycle ends its counters return to zero, and nothing has them any more. */
export const spend: readonly Stream<Session>[] = [
  {
    name: 'spend',
    kind: 'snapshot',
    brings: 'what each member has spent in this billing cycle, and their limits',
    endpoint: SPEND,
    needs: 'a team key with `admin:*`',
    reads: [{ method: 'POST', path: SPEND }],
    unknowns: [
      {
        what: 'what was spent in all, of which `spendCents` is a part or not',
        places: ['teamMemberSpend.*.overallSpendCents', 'teamMemberSpend.*.includedSpendCents'],
      },
    ],
    maps: { figure: 'spend.sql' },
    wanted: ({ options }) => options.levels.includes('team'),
    open: (session) => ({ read: () => readSpend(session, OF_TEAM) }),
  },
  {
    name: 'organization-spend',
    kind: 'snapshot',
    brings:
      'what each member has spent since the contract began, not in the cycle of a team; only with `levels: [organization]`',
    endpoint: OF_ORGANIZATION,
    needs: 'an organization key with `usage:*`',
    reads: [{ method: 'POST', path: OF_ORGANIZATION }],
    unknowns: [{ what: 'the list of people', places: OF_CONTRACT.lists }],
    maps: { figure: 'spend.sql' },
    wanted: ({ options }) => options.levels.includes('organization'),
    open: (session) => ({ read: () => readSpend(session, OF_CONTRACT) }),
  },
  {
    name: 'pooled-usage',
    kind: 'snapshot',
    brings: 'what is left of the contract, in all and per team; only with `levels: [organization]`',
    endpoint: POOLED,
    needs: 'an organization key with `usage:*`',
    reads: [{ method: 'POST', path: POOLED }],
    maps: { figure: 'pooled-usage.sql' },
    wanted: ({ options }) => options.levels.includes('organization'),
    open: (session) => ({ read: () => readPool(session) }),
  },
];

/** Of somebody the figures of one cycle, or contract, are another thing than those of the next. */
async function* readSpend({ read }: Session, { path, sorted, lists }: Asked): AsyncGenerator<Page> {
  let cycle = 'unknown';
  const fetch = async (page: number): Promise<CountedPage> => {
    const body = JSON.stringify({ ...sorted, page, pageSize: PAGE_SIZE });
    const { value, note } = await read({ method: 'POST', path, body }, (bytes) =>
      parsePage(bytes, lists, { id: ['email', 'userId'], time: [] }),
    );
    const { subscriptionCycleStart, period } = value.envelope;
    const start = instantOf(isObject(period) ? period['startDate'] : subscriptionCycleStart);
    if (start !== null) cycle = iso(start);
    // Which page this is is not repeated in the answer.
    const pages = value.envelope['totalPages'];
    const more = typeof pages === 'number' ? page < pages : value.more;
    return { rows: value.records, note, total: value.total, more };
  };
  for (const { note, records } of (await readWhole({ fetch, subject: path })) ?? []) {
    const named = records.map((record) => ({
      ...record,
      key: `${record.key.toLowerCase()}/${cycle}`,
    }));
    yield { note: { ...note, context: { cycle } }, records: named, place: null };
  }
}

async function* readPool({ read }: Session): AsyncGenerator<Page> {
  const { value, note } = await read({ method: 'POST', path: POOLED, body: '{}' }, (body) => {
    const teams = sliceList(body, ['teams']).records;
    const rows = teams.map((bytes) => readRow(bytes, { id: ['teamId'], time: [] }));
    return { records: [{ bytes: sliceObject(body, 'pool'), id: 'pool', time: null }, ...rows] };
  });
  const keyer = new Keyer();
  yield { note, records: value.records.map((row) => keyer.key(row)), place: null };
}
