import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { MalformedBody } from '../../extract/slice/malformed-body.ts';
import { parseObject } from '../../extract/slice/object.ts';
import type { SourceRecord } from '../../model.ts';
import type { Session } from './session.ts';

const ACCOUNTS = '/api/v1/organization/account-utilizations';
const TEAM = '/api/v1/team/account-utilizations';

/** How many accounts there are: per month for the organization, as of now for each team. */
export const utilization: readonly Stream<Session>[] = [
  {
    name: 'account-utilization',
    kind: 'snapshot',
    brings: 'accounts per month',
    endpoint: ACCOUNTS,
    maps: { figure: 'account-utilization.sql' },
    open: ({ client }) => ({
      // Without `startDate` older versions give twelve months and newer ones all of them: months are told apart by
      // their own year and month, and one that is no longer served keeps its figures.
      async *read() {
        const { value, note } = await client.get(ACCOUNTS, {}, (body) => ({
          records: sliceList(body, ['data']).records.map(monthOf),
        }));
        yield { note, records: value.records, place: null };
      },
    }),
  },
  {
    name: 'team-utilization',
    kind: 'snapshot',
    brings: 'accounts of every team, now',
    endpoint: TEAM,
    maps: { figure: 'team-utilization.sql' },
    open: ({ client, teams, width, quirk }) => ({
      async *read() {
        const options = { endpoint: TEAM, width, quirk };
        yield* fanOut(await teams.ids(), options, async (team_id) => {
          const { value, note } = await client.get(TEAM, { teamId: team_id }, (body) => {
            parseObject(body);
            return { records: [{ bytes: body, key: team_id, time: null }] };
          });
          const context = { team_id };
          return [{ note: { ...note, context }, records: value.records, place: null }];
        });
      },
    }),
  },
];

/** `month` is zero-based, as served; the key keeps it so and the transform adds the one. */
function monthOf(bytes: Buffer): SourceRecord {
  const { year, month } = parseObject(bytes, 'a month');
  if (!isCount(year) || !isCount(month)) {
    throw new MalformedBody('a month of the utilization has no year or month');
  }
  return { bytes, key: `${year}-${String(month).padStart(2, '0')}`, time: null };
}

/** A whole number, or a text that is one. */
function isCount(value: unknown): value is number | string {
  return Number.isInteger(value) || (typeof value === 'string' && /^\d{1,4}$/.test(value));
}
