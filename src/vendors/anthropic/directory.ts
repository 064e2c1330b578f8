import { readObject } from '../../extract/read-object.ts';
import { VendorError } from '../../errors.ts';
import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { segment } from '../../extract/segment.ts';
import type { SharedList } from '../../extract/shared-list.ts';
import { isObject, parseObject } from '../../extract/slice/object.ts';
import type { Page, SourceRecord } from '../../model.ts';
import { BY_ID, BY_TOKEN, ORGANIZATION, PAGE_SIZE, type Paging, readList } from './client.ts';
import { ME } from './identity.ts';
import { keyOfRateLimit, RATE_LIMITS } from './rate-limits.ts';
import { API_KEYS, GROUPS, KEY, ROLES, type Session, USERS, WORKSPACES } from './session.ts';

const RECORDING = `${ORGANIZATION}/compliance_settings`;

type About = Pick<Stream<Session>, 'name' | 'brings' | 'endpoint' | 'unknowns' | 'maps'> & {
  needs: string;
};

/** Things as they are now. Who is no longer listed has left: the API has no list of former ones. */
export const directory: readonly Stream<Session>[] = [
  snapshot(
    {
      name: 'organization',
      brings: 'the organization',
      endpoint: ME,
      needs: KEY.members,
      maps: { entity: 'directory.sql' },
    },
    async function* read({ client }) {
      yield await readObject(client, { path: ME }, 'organization');
    },
  ),
  snapshot(
    {
      name: 'users',
      brings: 'members and their roles',
      endpoint: USERS,
      needs: KEY.members,
      maps: { entity: 'directory.sql', grant: 'user-grants.sql' },
    },
    ({ users }) => users.pages(),
  ),
  snapshot(
    {
      name: 'invites',
      brings: 'invitations',
      endpoint: `${ORGANIZATION}/invites`,
      needs: KEY.members,
      maps: { entity: 'directory.sql' },
    },
    ({ client }) =>
      readList(client, {
        path: `${ORGANIZATION}/invites`,
        query: { limit: String(PAGE_SIZE) },
        paging: BY_ID,
      }),
  ),
  snapshot(
    {
      name: 'workspaces',
      brings: 'workspaces, archived ones too',
      endpoint: WORKSPACES,
      needs: KEY.admin,
      maps: { entity: 'directory.sql' },
    },
    ({ workspaces }) => workspaces.pages(),
  ),
  perMember(
    {
      name: 'workspace-members',
      brings: 'who has which role in which workspace',
      endpoint: `${WORKSPACES}/{workspace_id}/members`,
      needs: KEY.admin,
      maps: { entity: 'directory.sql', grant: 'workspace-grants.sql' },
    },
    { list: ({ workspaces }) => workspaces, paging: BY_ID, limit: PAGE_SIZE, id: 'user_id' },
  ),
  snapshot(
    {
      name: 'api-keys',
      brings: 'API keys, archived ones too: names, owners and hints, never a key',
      endpoint: API_KEYS,
      needs: KEY.admin,
      unknowns: [
        { what: 'whose key it is', places: ['data.*.principal.type', 'data.*.created_by.type'] },
        { what: 'where it holds', places: ['data.*.scope.type', 'data.*.workspace_id'] },
      ],
      maps: { entity: 'directory.sql' },
    },
    ({ apiKeys }) => apiKeys.pages(),
  ),
  snapshot(
    {
      name: 'rate-limits',
      brings: 'how much of each group of models, and of other parts of the API, may be used',
      endpoint: RATE_LIMITS,
      needs: KEY.admin,
      maps: { entity: 'directory.sql' },
    },
    async function* read({ client }) {
      // Without a number all of them are on one page.
      const query = { limit: String(PAGE_SIZE) };
      for await (const page of readList(client, { path: RATE_LIMITS, query, paging: BY_TOKEN })) {
        yield { ...page, records: page.records.map(keyOfRateLimit) };
      }
    },
  ),
  perMember(
    {
      name: 'workspace-rate-limits',
      brings: 'the same of each workspace that has limits of its own',
      endpoint: `${WORKSPACES}/{workspace_id}/rate_limits`,
      needs: KEY.admin,
      maps: { entity: 'directory.sql' },
    },
    {
      list: ({ workspaces }) => workspaces,
      paging: BY_TOKEN,
      limit: PAGE_SIZE,
      id: 'id',
      named: keyOfRateLimit,
    },
  ),
  snapshot(
    {
      name: 'recording',
      brings: 'whether activities are recorded at all',
      endpoint: RECORDING,
      needs: KEY.activities,
      maps: { entity: 'directory.sql' },
    },
    readRecording,
  ),
  ofEnterprise(
    snapshot(
      {
        name: 'groups',
        brings: 'groups',
        endpoint: GROUPS,
        needs: KEY.groups,
        maps: { entity: 'directory.sql', grant: 'group-grants.sql' },
      },
      readGroups,
    ),
  ),
  ofEnterprise(
    perMember(
      {
        name: 'group-members',
        brings: 'who is in which group',
        endpoint: `${GROUPS}/{group_id}/members`,
        needs: KEY.groups,
        maps: { entity: 'directory.sql', membership: 'memberships.sql' },
      },
      { list: ({ groups }) => groups, paging: BY_TOKEN, id: 'user_id' },
    ),
  ),
  ofEnterprise(
    snapshot(
      {
        name: 'roles',
        brings: 'roles that the organization has defined',
        endpoint: ROLES,
        needs: KEY.groups,
        maps: { entity: 'directory.sql' },
      },
      ({ roles }) => roles.pages(),
    ),
  ),
  ofEnterprise(
    perMember(
      {
        name: 'role-permissions',
        brings: 'what these roles allow',
        endpoint: `${ROLES}/{role_id}/permissions`,
        needs: KEY.groups,
        maps: { entity: 'directory.sql' },
      },
      { list: ({ roles }) => roles, paging: BY_TOKEN, id: '' },
    ),
  ),
];

/** What is not recorded is lost: that is worth a word, though the answer is a good one. */
async function* readRecording({ client, quirk }: Session): AsyncGenerator<Page> {
  const page = await readObject(client, { path: RECORDING }, 'recording');
  const [record] = page.records;
  const state = record === undefined ? null : parseObject(record.bytes)['state'];
  if (isObject(state) && state['type'] === 'disabled') {
    quirk({
      code: 'recording-off',
      what: 'activities are not recorded: what happens meanwhile is lost; an owner switches the Compliance API on',
    });
  }
  yield page;
}

/** Without its roles a group would seem to have lost them; the answer has none where something failed at the vendor. */
async function* readGroups({ groups }: Session): AsyncGenerator<Page> {
  for await (const page of groups.pages()) {
    if (page.records.some(({ bytes }) => parseObject(bytes, 'a group')['roles'] === null)) {
      throw new VendorError({
        fault: 'unstable',
        code: 'roles-unknown',
        url: GROUPS,
        status: 200,
        what: 'the list has a group whose roles the vendor could not say',
        hint: 'what is archived of groups stands; the next run asks again',
      });
    }
    yield page;
  }
}

function snapshot(about: About, read: (session: Session) => AsyncIterable<Page>): Stream<Session> {
  return {
    ...about,
    kind: 'snapshot',
    open: (session) => ({ read: () => read(session) }),
  };
}

/** Asked of every member of a list, which has to be read first; keys begin with the member. */
function perMember(
  about: About,
  asked: {
    list: (session: Session) => SharedList;
    paging: Paging;
    limit?: number;
    id: string;
    /** What a record is called, where it takes more than an id. */
    named?: (record: SourceRecord) => SourceRecord;
  },
): Stream<Session> {
  const { list, paging, limit, id, named = (record) => record } = asked;
  const [, member = ''] = /\{(\w+)\}/.exec(about.endpoint) ?? [];
  return {
    ...about,
    kind: 'snapshot',
    open: (session) => ({
      async *read() {
        const { client, width, quirk } = session;
        const options = { endpoint: about.endpoint, width, quirk };
        yield* fanOut(await list(session).ids(), options, async (of) => {
          const path = about.endpoint.replace(`{${member}}`, segment(of));
          const query = limit === undefined ? {} : { limit: String(limit) };
          const pages: Page[] = [];
          for await (const page of readList(client, { path, query, paging, id })) {
            const records = page.records.map(named).map((record) => ({
              ...record,
              key: `${of}/${record.key}`,
            }));
            pages.push({ ...page, records, note: { ...page.note, context: { [member]: of } } });
          }
          return pages;
        });
      },
    }),
  };
}

function ofEnterprise(stream: Stream<Session>): Stream<Session> {
  return { ...stream, wanted: ({ options }) => options.enterprise };
}
