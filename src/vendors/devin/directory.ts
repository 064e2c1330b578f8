import { readObject } from '../../extract/read-object.ts';
import { fanOut } from '../../extract/fan-out.ts';
import type { Stream } from '../../extract/port.ts';
import { segment } from '../../extract/segment.ts';
import type { SharedList } from '../../extract/shared-list.ts';
import type { Page } from '../../model.ts';
import { ENTERPRISE, readList } from './client.ts';
import {
  deletedIn,
  GIT_CONNECTIONS,
  MEMBERS,
  ORGANIZATIONS,
  PERMISSION,
  type Session,
} from './session.ts';

const { git, infrastructure, members, metrics, organizations, settings } = PERMISSION;

/** Lists of whom roles are assigned to. */
const HOLDERS = new Set(['users', 'idp-users', 'service-users', 'idp-groups']);

/** Organizations, people, their roles, and what the enterprise has connected and allowed. */
export const directory: readonly Stream<Session>[] = [
  shared('organizations', ORGANIZATIONS, 'organizations', organizations, (s) => s.organizations),
  shared('users', `${MEMBERS}/users`, 'users and their roles', members, (s) => s.users),
  shared(
    'idp-users',
    `${MEMBERS}/idp-users`,
    'who belongs through a group of the identity provider',
    members,
    (s) => s.idpUsers,
  ),
  shared(
    'service-users',
    `${MEMBERS}/service-users`,
    'service users and their roles, inactive ones too',
    members,
    (s) => s.serviceUsers,
  ),
  list('idp-groups', `${MEMBERS}/idp-groups`, 'roles of groups', members, 'idp_group_name'),
  list(
    'registered-idp-groups',
    `${ENTERPRISE}/idp-groups`,
    'groups that are known',
    members,
    'idp_group_name',
  ),
  list('roles', `${ENTERPRISE}/roles`, 'roles', members, 'role_id'),
  perOrganization('tags', '/tags', 'tags for sessions', settings, readTags),
  shared('git-connections', GIT_CONNECTIONS, 'connected git hosts', git, (s) => s.gitConnections),
  repositories(),
  perOrganization(
    'git-permissions',
    '/git-providers/permissions',
    'which repositories are open to it',
    git,
    ({ client }, path) => readList(client, path, 'git_permission_id'),
  ),
  object('ip-access-list', `${ENTERPRISE}/ip-access-list`, 'addresses that are let in', settings),
  object(
    'org-group-limits',
    `${ENTERPRISE}/org-group-limits`,
    'limits of groups of organizations',
    organizations,
  ),
  list(
    'hypervisors',
    `${ENTERPRISE}/hypervisors`,
    'the machines of a dedicated tenant',
    infrastructure,
    'hypervisor_id',
  ),
  object('queue', `${ENTERPRISE}/queue`, 'how many sessions wait', metrics),
];

function snapshot(
  name: string,
  endpoint: string,
  brings: string,
  needs: string,
): Omit<Stream<Session>, 'open'> {
  const maps = { entity: 'directory.sql', ...(HOLDERS.has(name) ? { grant: 'grants.sql' } : {}) };
  return { name, kind: 'snapshot', brings, endpoint, needs, maps };
}

/** A list that other streams go through. */
function shared(
  name: string,
  endpoint: string,
  brings: string,
  needs: string,
  listOf: (session: Session) => SharedList,
): Stream<Session> {
  return {
    ...snapshot(name, endpoint, brings, needs),
    open: (session) => ({ read: () => listOf(session).pages() }),
  };
}

function list(
  name: string,
  endpoint: string,
  brings: string,
  needs: string,
  id: string,
): Stream<Session> {
  return {
    ...snapshot(name, endpoint, brings, needs),
    open: ({ client }) => ({ read: () => readList(client, endpoint, id) }),
  };
}

function object(name: string, endpoint: string, brings: string, needs: string): Stream<Session> {
  return {
    ...snapshot(name, endpoint, brings, needs),
    open: ({ client }) => ({
      async *read() {
        yield await readObject(client, { path: endpoint }, name);
      },
    }),
  };
}

/** The most that the list takes, as no other. */
const REPOSITORIES_PER_PAGE = 100;

function repositories(): Stream<Session> {
  const endpoint = `${GIT_CONNECTIONS}/{id}/repositories`;
  return {
    ...snapshot('git-repositories', endpoint, 'repositories that a connection can see', git),
    open: (session) => ({
      async *read() {
        const { client, width, quirk } = session;
        const options = { endpoint, width, quirk };
        yield* fanOut(await session.gitConnections.ids(), options, async (id) => {
          const path = endpoint.replace('{id}', segment(id));
          const how = { first: REPOSITORIES_PER_PAGE };
          const pages: Page[] = [];
          for await (const page of readList(client, path, 'provider_repository_id', {}, how)) {
            // Two hosts may give two repositories one id.
            const records = page.records.map((record) => ({
              ...record,
              key: `${id}/${record.key}`,
            }));
            pages.push({ ...page, records });
          }
          return pages;
        });
      },
    }),
  };
}

/** Asked of every organization, which have to be listed first. */
function perOrganization(
  name: string,
  below: string,
  brings: string,
  needs: string,
  read: (session: Session, path: string, organization: string) => AsyncIterable<Page>,
): Stream<Session> {
  const endpoint = `${ORGANIZATIONS}/{org_id}${below}`;
  return {
    ...snapshot(name, endpoint, brings, `${needs} and ${PERMISSION.organizations}`),
    open: (session) => ({
      async *read() {
        const { width, quirk } = session;
        const options = { endpoint, width, quirk, isDeleted: deletedIn(session) };
        yield* fanOut(await session.organizations.ids(), options, async (org_id) => {
          const path = endpoint.replace('{org_id}', segment(org_id));
          const pages: Page[] = [];
          for await (const page of read(session, path, org_id)) {
            pages.push({ ...page, note: { ...page.note, context: { org_id } } });
          }
          return pages;
        });
      },
    }),
  };
}

async function* readTags(
  { client }: Session,
  path: string,
  organization: string,
): AsyncGenerator<Page> {
  yield await readObject(client, { path }, organization);
}
