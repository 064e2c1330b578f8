import { fanOut } from '../../../src/extract/fan-out.ts';
import type { Maps, Stream } from '../../../src/extract/port.ts';
import { keyed, rowsOf } from './client.ts';
import { ACCOUNT, MEMBERS, type Session, TEAMS } from './session.ts';

export const directory: readonly Stream<Session>[] = [
  {
    name: 'account',
    kind: 'snapshot',
    brings: 'the workspace',
    endpoint: ACCOUNT,
    maps: { entity: 'account.sql' },
    open: ({ client, workspace }) => ({
      async *read() {
        const { note, value } = await client.get(ACCOUNT, workspace, (body) => {
          JSON.parse(body.toString('utf8'));
          return { records: [{ bytes: body, key: 'account', time: null }] };
        });
        yield { note, records: value.records, place: null };
      },
    }),
  },
  {
    name: 'members',
    kind: 'snapshot',
    brings: 'people and their roles',
    endpoint: MEMBERS,
    maps: { entity: 'members.sql', grant: 'member-grants.sql' },
    open: ({ members }) => ({ read: () => members.pages() }),
  },
  {
    name: 'teams',
    kind: 'snapshot',
    brings: 'teams',
    endpoint: TEAMS,
    maps: { entity: 'teams.sql' },
    open: ({ teams }) => ({ read: () => teams.pages() }),
  },
  perTeam('team-members', 'members', 'who is in which team', {
    entity: 'team-members.sql',
    membership: 'memberships.sql',
  }),
  perTeam('policies', 'policies', 'what a team allows its agents', { entity: 'policies.sql' }),
];

function perTeam(name: string, list: string, brings: string, maps: Maps): Stream<Session> {
  const endpoint = `${TEAMS}/{team}/${list}`;
  return {
    name,
    kind: 'snapshot',
    brings,
    endpoint,
    needs: 'owner',
    maps,
    open: ({ client, workspace, teams, width, quirk }) => ({
      async *read() {
        const options = { endpoint, width, quirk };
        yield* fanOut(await teams.ids(), options, async (team) => {
          const path = endpoint.replace('{team}', encodeURIComponent(team));
          const { value, note } = await client.get(path, workspace, (body) => rowsOf(body, list));
          const records = keyed(value.records, `${team}/`);
          return [{ note: { ...note, context: { team } }, records, place: null }];
        });
      },
    }),
  };
}
