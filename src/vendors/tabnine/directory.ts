import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { segment } from '../../extract/segment.ts';
import type { Page } from '../../model.ts';
import { ofMember, readList } from './client.ts';
import { ORGANIZATION, type Session, TEAMS, USERS } from './session.ts';

const MEMBERS = '/api/v1/team/{id}/users';

/** Organization, teams, users and memberships. */
export const directory: readonly Stream<Session>[] = [
  {
    name: 'organization',
    kind: 'snapshot',
    brings: 'name, sign-in settings, domains',
    endpoint: ORGANIZATION,
    maps: { entity: 'organization.sql' },
    open: ({ organization }) => ({
      async *read() {
        const { value, note } = await organization();
        const records = value.records.map(({ bytes, time }) => ({ bytes, key: value.id, time }));
        yield { note, records, place: null };
      },
    }),
  },
  {
    name: 'teams',
    kind: 'snapshot',
    brings: 'teams',
    endpoint: TEAMS,
    maps: { entity: 'teams.sql' },
    open: ({ teams }) => ({ read: () => teams.pages() }),
  },
  {
    name: 'users',
    kind: 'snapshot',
    brings: 'users, active and deactivated',
    endpoint: USERS,
    maps: { entity: 'users.sql', grant: 'user-grants.sql' },
    open: ({ users }) => ({ read: () => users.pages() }),
  },
  {
    name: 'team-members',
    kind: 'snapshot',
    brings: 'who is in which team',
    endpoint: MEMBERS,
    maps: { entity: 'team-members.sql', membership: 'memberships.sql' },
    open: ({ client, teams, width, quirk }) => ({
      async *read() {
        const options = { endpoint: MEMBERS, width, quirk };
        yield* fanOut(await teams.ids(), options, async (team_id) => {
          const path = MEMBERS.replace('{id}', segment(team_id));
          const pages: Page[] = [];
          for await (const page of readList(client, path)) {
            pages.push(ofMember(page, team_id, { team_id }));
          }
          return pages;
        });
      },
    }),
  },
];
