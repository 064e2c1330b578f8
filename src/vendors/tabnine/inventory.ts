import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { segment } from '../../extract/segment.ts';
import { sliceObject } from '../../extract/slice/json.ts';
import { ofMember, readBareList, readList } from './client.ts';
import type { Session } from './session.ts';

const LICENSE = '/api/v1/license';
const PERMISSIONS = '/api/v1/instance/permissions';
const INVITATIONS = '/api/invitation/v1';
const REPOSITORIES = '/api/team/v1/{id}/connections/repositories';
const ALLOWED_TEAMS = '/api/user/v1/{id}/allowed-teams';

const ROLES = ['Admin', 'Manager', 'TeamLead', 'Member'];

/** What the organization has and who may do what. */
export const inventory: readonly Stream<Session>[] = [
  {
    name: 'license',
    kind: 'snapshot',
    brings: 'seats, features, end of the licence',
    endpoint: LICENSE,
    maps: { entity: 'license.sql' },
    open: ({ client }) => ({
      async *read() {
        const { value, note } = await client.get(LICENSE, {}, (body) => ({
          records: [{ bytes: sliceObject(body, 'license'), key: 'license', time: null }],
        }));
        yield { note, records: value.records, place: null };
      },
    }),
  },
  {
    name: 'permissions',
    kind: 'snapshot',
    brings: 'who holds which of the four roles',
    endpoint: PERMISSIONS,
    maps: { entity: 'permissions.sql', grant: 'permission-grants.sql' },
    open: ({ client }) => ({
      async *read() {
        for (const role of ROLES) {
          const page = await readBareList(client, PERMISSIONS, { role }, ['username']);
          yield ofMember(page, role, { role });
        }
      },
    }),
  },
  {
    name: 'invitations',
    kind: 'snapshot',
    brings: 'open invitations',
    endpoint: INVITATIONS,
    since: '6.0.0',
    needs: 'the role Admin or Manager',
    maps: { entity: 'invitations.sql' },
    open: ({ client }) => ({ read: () => readList(client, INVITATIONS) }),
  },
  {
    name: 'repositories',
    kind: 'snapshot',
    brings: 'connected repositories of every team',
    endpoint: REPOSITORIES,
    since: '5.27.0',
    needs: 'the role Admin',
    maps: { entity: 'repositories.sql' },
    open: ({ client, teams, width, quirk }) => ({
      async *read() {
        const options = { endpoint: REPOSITORIES, width, quirk };
        yield* fanOut(await teams.ids(), options, async (team_id) => {
          const path = REPOSITORIES.replace('{id}', segment(team_id));
          const page = await readBareList(client, path, {}, ['repository_link']);
          return [ofMember(page, team_id, { team_id })];
        });
      },
    }),
  },
  {
    name: 'allowed-teams',
    kind: 'snapshot',
    brings: 'teams open to each user; only with `allowedTeams: true`',
    endpoint: ALLOWED_TEAMS,
    since: '6.0.0',
    needs: 'the role Admin or Manager',
    maps: { entity: 'allowed-teams.sql' },
    wanted: ({ options }) => options.allowedTeams,
    open: ({ client, users, width, quirk }) => ({
      async *read() {
        const options = { endpoint: ALLOWED_TEAMS, width, quirk };
        yield* fanOut(await users.ids(), options, async (user_id) => {
          const path = ALLOWED_TEAMS.replace('{id}', segment(user_id));
          return [
            ofMember(await readBareList(client, path, {}, ['id', 'team_id', 'teamId']), user_id, {
              user_id,
            }),
          ];
        });
      },
    }),
  },
];
