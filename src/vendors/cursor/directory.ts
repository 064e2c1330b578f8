import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { Keyer, readRow } from '../../extract/record.ts';
import { segment } from '../../extract/segment.ts';
import { sliceObject } from '../../extract/slice/json.ts';
import { parseObject } from '../../extract/slice/object.ts';
import type { Page } from '../../model.ts';
import { parsePage } from './client.ts';
import { BY_ID, GROUPS, NAMELESS, readList, readPaged } from './lists.ts';
import { peopleOf } from './people.ts';
import type { Session } from './session.ts';

const MEMBERS = '/teams/members';
const GROUP = `${GROUPS}/{id}`;
const BLOCKLISTS = '/settings/repo-blocklists/repos';
const MODEL_ACCESS = '/teams/model-access/configuration';
const ORGANIZATION_MEMBERS = '/organizations/members';
const ORGANIZATION_GROUPS = '/organizations/groups';

const ADMIN = 'a team key with `admin:*`';

const ofTeam = ({ options }: Session): boolean => options.levels.includes('team');
const ofOrganization = ({ options }: Session): boolean => options.levels.includes('organization');

/** Members, groups and settings. */
export const directory: readonly Stream<Session>[] = [
  {
    name: 'members',
    kind: 'snapshot',
    brings: 'members with their roles, removed ones too',
    endpoint: MEMBERS,
    needs: ADMIN,
    unknowns: [{ what: 'the id of a member', places: ['teamMembers.*.id'] }],
    maps: { entity: 'members.sql', grant: 'member-grants.sql' },
    wanted: ofTeam,
    open: (session) => ({
      read: () =>
        readList(session.read, MEMBERS, 'teamMembers', NAMELESS, peopleOf(['email'], ['id'])),
    }),
  },
  {
    name: 'groups',
    kind: 'snapshot',
    brings: 'billing groups',
    endpoint: GROUPS,
    needs: ADMIN,
    maps: { entity: 'groups.sql' },
    wanted: ofTeam,
    open: (session) => ({ read: () => session.groups.pages() }),
  },
  {
    name: 'group-members',
    kind: 'snapshot',
    brings: 'who is in which billing group, one request per group',
    endpoint: GROUP,
    needs: ADMIN,
    unknowns: [{ what: 'the list of members', places: ['group.currentMembers', 'currentMembers'] }],
    maps: { entity: 'group-members.sql', membership: 'memberships.sql' },
    wanted: ofTeam,
    open: (session) => ({ read: () => readGroupMembers(session) }),
  },
  {
    name: 'repo-blocklists',
    kind: 'snapshot',
    brings: 'repositories that Cursor does not read, and which of their files',
    endpoint: BLOCKLISTS,
    needs: ADMIN,
    maps: { entity: 'repo-blocklists.sql' },
    wanted: ofTeam,
    open: (session) => ({ read: () => readList(session.read, BLOCKLISTS, 'repos', BY_ID) }),
  },
  {
    name: 'model-access',
    kind: 'snapshot',
    brings: 'whether new models are open to everybody',
    endpoint: MODEL_ACCESS,
    needs: 'a team key with `models:read`',
    maps: { entity: 'model-access.sql' },
    wanted: ofTeam,
    open: (session) => ({ read: () => readModelAccess(session) }),
  },
  {
    name: 'organization-members',
    kind: 'snapshot',
    brings:
      'members of the organization, their role in it and in each team; only with `levels: [organization]`',
    endpoint: ORGANIZATION_MEMBERS,
    needs: 'an organization key with `members:read`',
    maps: { entity: 'organization-members.sql', grant: 'organization-grants.sql' },
    wanted: ofOrganization,
    open: (session) => ({
      read: () =>
        readPaged(
          session.read,
          ORGANIZATION_MEMBERS,
          'members',
          NAMELESS,
          peopleOf(['email'], ['userId']),
        ),
    }),
  },
  {
    name: 'organization-groups',
    kind: 'snapshot',
    brings: 'groups of the organization; only with `levels: [organization]`',
    endpoint: ORGANIZATION_GROUPS,
    needs: 'an organization key with `members:*`: there is no permission that only reads them',
    maps: { entity: 'groups.sql' },
    wanted: ofOrganization,
    open: (session) => ({
      read: () => readPaged(session.read, ORGANIZATION_GROUPS, 'groups', BY_ID),
    }),
  },
];

async function* readGroupMembers(session: Session) {
  const { read, width, quirk } = session;
  const options = { endpoint: GROUP, width, quirk };
  yield* fanOut(await session.groups.ids(), options, async (group) => {
    const path = GROUP.replace('{id}', segment(group));
    const { value, note } = await read({ path }, (body) =>
      parsePage(body, ['group.currentMembers', 'currentMembers'], NAMELESS),
    );
    const keyer = new Keyer();
    const members = peopleOf(
      ['email'],
      ['userId', 'id'],
    )(value.records.map((row) => keyer.key(row)));
    const records = members.map((record) => ({ ...record, key: `${group}/${record.key}` }));
    return [{ note: { ...note, context: { group } }, records, place: null }];
  });
}

async function* readModelAccess({ read }: Session): AsyncGenerator<Page> {
  const { value, note } = await read({ path: MODEL_ACCESS }, (body) => {
    parseObject(body);
    const bytes = sliceObject(body, 'configuration');
    return { records: [readRow(bytes, { id: ['teamId'], time: [] })] };
  });
  const keyer = new Keyer();
  yield { note, records: value.records.map((row) => keyer.key(row)), place: null };
}
