import { type CountedPage, readWhole } from '../../extract/paging/counted-list.ts';
import type { Stream } from '../../extract/port.ts';
import { Keyer, readRow } from '../../extract/record.ts';
import { sliceList, sliceObject } from '../../extract/slice/json.ts';
import type { Page } from '../../model.ts';
import { instantOf } from '../../platform/instant.ts';
import { iso } from '../../platform/time.ts';
import { parsePage } from './client.ts';
import type { Session } from './session.ts';

const SPEND = '/teams/spend';
const POOLED = '/organizations/pooled-usage';

/** The size by default is not said. */
const PAGE_SIZE = 100;

/** What was spent, as it stands now. When a cycle ends its counters return to zero, and nothing has them any more. */
export const spend: readonly Stream<Session>[] = [
  {
    name: 'spend',
    kind: 'snapshot',
    brings: 'what each member has spent in this billing cycle, and their limits',
    endpoint: SPEND,
    needs: 'a team key with `admin:*`',
    reads: [{ method: 'POST', path: SPEND }],
    maps: { figure: 'spend.sql' },
    wanted: ({ options }) => options.levels.includes('team'),
    open: (session) => ({ read: () => readSpend(session) }),
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

/** Of somebody the figures of one cycle are another thing than those of the next. */
async function* readSpend({ read }: Session): AsyncGenerator<Page> {
  let cycle = 'unknown';
  const fetch = async (page: number): Promise<CountedPage> => {
    const body = JSON.stringify({
      sortBy: 'user',
      sortDirection: 'asc',
      page,
      pageSize: PAGE_SIZE,
    });
    const { value, note } = await read({ method: 'POST', path: SPEND, body }, (bytes) =>
      parsePage(bytes, ['teamMemberSpend'], { id: ['email', 'userId'], time: [] }),
    );
    const start = instantOf(value.envelope['subscriptionCycleStart']);
    if (start !== null) cycle = iso(start);
    // Which page this is is not repeated in the answer.
    const pages = value.envelope['totalPages'];
    const more = typeof pages === 'number' ? page < pages : value.more;
    return { rows: value.records, note, total: value.total, more };
  };
  for (const { note, records } of (await readWhole({ fetch, subject: SPEND })) ?? []) {
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
