import type { Quirk, SourceRecord, StreamReader } from '../../model.ts';
import type { SourceClient } from '../../extract/client.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { MalformedBody, sliceList } from '../../extract/slice/json.ts';
import type { Rosters } from './directory.ts';
import { snapshot } from '../../extract/snapshot.ts';
import { gone } from '../../extract/gone.ts';

const ACCOUNTS = '/api/v1/organization/account-utilizations';
const TEAM = '/api/v1/team/account-utilizations';

/** How many accounts there are: per month for the organization, as of now for each team. */
export function utilization(
  client: SourceClient,
  width: number,
  { teams }: Rosters,
  quirk: (quirk: Quirk) => void,
): StreamReader[] {
  return [
    // Without `startDate` older versions give twelve months and newer ones all of them: months are told apart by
    // their own year and month, and one that is no longer given keeps its figures.
    snapshot('account-utilization', ACCOUNTS, null, async function* () {
      const { value, note } = await client.get(ACCOUNTS, {}, (body) => ({
        records: sliceList(body, ['data']).records.map(month),
      }));
      yield { note, records: value.records, place: null };
    }),
    snapshot('team-utilization', TEAM, null, async function* () {
      const onGone = gone(TEAM, quirk);
      yield* fanOut(await teams.ids(), { width, onGone }, async (team_id) => {
        const { value, note } = await client.get(TEAM, { teamId: team_id }, (body) => {
          JSON.parse(body.toString('utf8'));
          return { records: [{ bytes: body, key: team_id, time: null }] };
        });
        const context = { team_id };
        return [{ note: { ...note, context }, records: value.records, place: null }];
      });
    }),
  ];
}

/** `month` is zero-based, as served; the key keeps it so and the transform adds the one. */
function month(bytes: Buffer): SourceRecord {
  const { year, month: index } = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
  if (!Number.isInteger(year) || !Number.isInteger(index)) {
    throw new MalformedBody('a month of the utilization has no year or month');
  }
  return { bytes, key: `${String(year)}-${String(index).padStart(2, '0')}`, time: null };
}
