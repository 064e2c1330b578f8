import type { Page, Quirk, SourceRecord, StreamReader } from '../../model.ts';
import type { Query, SourceClient } from '../../extract/client.ts';
import { fanOut } from '../../extract/fan-out.ts';
import { Keyer, readRow } from '../../extract/record.ts';
import { sliceList, sliceObject } from '../../extract/slice/json.ts';
import { belongingTo, type Rosters } from './directory.ts';
import { gone } from '../../extract/gone.ts';
import { readList } from './lists.ts';
import { snapshot } from '../../extract/snapshot.ts';

const REPOSITORIES = '/api/team/v1/{id}/connections/repositories';
const ALLOWED_TEAMS = '/api/user/v1/{id}/allowed-teams';

const ROLES = ['Admin', 'Manager', 'TeamLead', 'Member'];

/** What the organization has and who may do what: licence, roles, invitations, repositories and, if wanted, the teams open to each user. */
export function inventory(
  client: SourceClient,
  width: number,
  rosters: Rosters,
  wants: { allowedTeams: boolean },
  quirk: (quirk: Quirk) => void,
): StreamReader[] {
  const streams = [
    snapshot('license', '/api/v1/license', null, async function* () {
      const { value, note } = await client.get('/api/v1/license', {}, (body) => ({
        records: [{ bytes: sliceObject(body, 'license'), key: 'license', time: null }],
      }));
      yield { note, records: value.records, place: null };
    }),
    snapshot('permissions', '/api/v1/instance/permissions', null, async function* () {
      for (const role of ROLES) {
        const path = '/api/v1/instance/permissions';
        yield belongingTo(await bareList(client, path, { role }, 'username'), { role }, role);
      }
    }),
    snapshot('invitations', '/api/invitation/v1', '6.0.0', () =>
      readList(client, '/api/invitation/v1'),
    ),
    snapshot('repositories', REPOSITORIES, '5.27.0', async function* () {
      const onGone = gone(REPOSITORIES, quirk);
      yield* fanOut(await rosters.teams.ids(), { width, onGone }, async (team_id) => {
        const path = `/api/team/v1/${encodeURIComponent(team_id)}/connections/repositories`;
        const page = await bareList(client, path, {}, 'repository_link');
        return [belongingTo(page, { team_id }, team_id)];
      });
    }),
  ];
  if (!wants.allowedTeams) return streams;
  const allowedTeams = snapshot('allowed-teams', ALLOWED_TEAMS, '6.0.0', async function* () {
    const onGone = gone(ALLOWED_TEAMS, quirk);
    yield* fanOut(await rosters.users.ids(), { width, onGone }, async (user_id) => {
      const path = `/api/user/v1/${encodeURIComponent(user_id)}/allowed-teams`;
      return [belongingTo(await bareList(client, path, {}, 'id'), { user_id }, user_id)];
    });
  });
  return [...streams, allowedTeams];
}

/** A list without envelope and paging. */
async function bareList(
  client: SourceClient,
  path: string,
  query: Query,
  id: string,
): Promise<Page> {
  const { value, note } = await client.get(path, query, (body) => {
    const keyer = new Keyer();
    const { records } = sliceList(body, ['data']);
    return {
      records: records.map((bytes): SourceRecord =>
        keyer.key(readRow(bytes, { id: [id], time: [] })),
      ),
    };
  });
  return { note, records: value.records, place: null };
}
