import { fanOut } from '../../extract/fan-out.ts';
import type { Maps, Stream } from '../../extract/port.ts';
import { segment } from '../../extract/segment.ts';
import type { Page } from '../../model.ts';
import { KEY_ENDS, type ListQuestion, readList } from './client.ts';
import { PROJECTS } from './project-list.ts';
import { GROUPS, NEEDS, type Session, USERS } from './session.ts';

const INVITES = '/v1/organization/invites';
const ADMIN_KEYS = '/v1/organization/admin_api_keys';
const ROLES = '/v1/organization/roles';
const CERTIFICATES = '/v1/organization/certificates';

const ENTITY: Maps = { entity: 'directory.sql' };
const GRANTED: Maps = { ...ENTITY, grant: 'grants.sql' };

export const snapshot = (name: string, brings: string, endpoint: string, maps: Maps = ENTITY) => ({
  name,
  kind: 'snapshot' as const,
  brings,
  endpoint,
  needs: NEEDS.management,
  maps,
});

/** A list of the organization that nothing else goes through. */
export function list(
  name: string,
  brings: string,
  path: string,
  maps: Maps = ENTITY,
  question: ListQuestion = {},
): Stream<Session> {
  return {
    ...snapshot(name, brings, path, maps),
    open: ({ client }) => ({ read: () => readList(client, path, question) }),
  };
}

/** Of whom the same is asked one by one: the id is the first thing in the keys of what has no id of its own. */
type Asked = {
  of: 'project' | 'group' | 'user';
  path: string;
  /** Whether a record may be listed for several of them. */
  isShared: boolean;
  question?: ListQuestion;
  wanted?: Stream<Session>['wanted'];
};

/** A list of each project, group or user. */
export function each(
  name: string,
  brings: string,
  { of, path, isShared, question, wanted }: Asked,
  maps: Maps = ENTITY,
): Stream<Session> {
  return {
    ...snapshot(name, brings, path, maps),
    ...(wanted === undefined ? {} : { wanted }),
    open: (session) => ({
      async *read() {
        const { client, width, quirk } = session;
        const members = await membersOf(session, of);
        yield* fanOut(members, { endpoint: path, width, quirk }, async (id) => {
          const pages: Page[] = [];
          const own = path.replace('{id}', segment(id));
          for await (const page of readList(client, own, question)) {
            pages.push(ofMember(page, { [`${of}_id`]: id }, isShared ? `${id}/` : ''));
          }
          return pages;
        });
      },
    }),
  };
}

function membersOf({ projects, groups, users }: Session, of: Asked['of']): Promise<string[]> {
  if (of === 'project') return projects.ids();
  return of === 'group' ? groups.ids() : users.ids();
}

/** The record does not say whose it is: the request was about it. */
export function ofMember(page: Page, context: Record<string, string>, prefix: string): Page {
  const records = page.records.map((record) => ({ ...record, key: prefix + record.key }));
  return { ...page, records, note: { ...page.note, context } };
}

/** Who and what there is, and what they may do. */
export const directory: readonly Stream<Session>[] = [
  {
    ...snapshot('users', 'members of the organization and their role', USERS, GRANTED),
    open: ({ users }) => ({ read: () => users.pages() }),
  },
  list('invites', 'invitations, expired and accepted ones too', INVITES),
  {
    ...snapshot('projects', 'projects, archived ones too', PROJECTS),
    open: ({ projects }) => ({ read: () => projects.pages() }),
  },
  each(
    'project-users',
    'who is in which project, in which role',
    { of: 'project', path: `${PROJECTS}/{id}/users`, isShared: true },
    GRANTED,
  ),
  each(
    'service-accounts',
    'service accounts of the projects and their role',
    { of: 'project', path: `${PROJECTS}/{id}/service_accounts`, isShared: false },
    GRANTED,
  ),
  each('api-keys', 'API keys of the projects: whose they are, without the keys', {
    of: 'project',
    path: `${PROJECTS}/{id}/api_keys`,
    isShared: false,
    // Left out, keys are hidden whose owner may no longer use the project.
    question: { query: { owner_project_access: 'any' }, redaction: KEY_ENDS },
  }),
  list('admin-api-keys', 'admin keys: whose they are, without the keys', ADMIN_KEYS, GRANTED, {
    redaction: KEY_ENDS,
  }),
  {
    ...snapshot('groups', 'groups', GROUPS),
    unknowns: [
      {
        what: 'whether a group comes from SCIM',
        places: ['data.*.is_scim_managed', 'data.*.scim_managed'],
      },
    ],
    open: ({ groups }) => ({ read: () => groups.pages() }),
  },
  each(
    'group-users',
    'who is in which group',
    { of: 'group', path: `${GROUPS}/{id}/users`, isShared: true },
    { ...ENTITY, membership: 'memberships.sql' },
  ),
  each(
    'project-groups',
    'which groups have access to which project',
    {
      of: 'project',
      path: `${PROJECTS}/{id}/groups`,
      isShared: true,
      question: { id: 'group_id' },
    },
    GRANTED,
  ),
  list('roles', 'roles and what they allow', ROLES),
  each('project-roles', 'roles of the projects and what they allow', {
    of: 'project',
    path: '/v1/projects/{id}/roles',
    isShared: true,
  }),
  each(
    'group-roles',
    'which roles a group holds',
    { of: 'group', path: `${GROUPS}/{id}/roles`, isShared: true },
    GRANTED,
  ),
  each(
    'user-roles',
    'which roles a user holds',
    {
      of: 'user',
      path: `${USERS}/{id}/roles`,
      isShared: true,
      wanted: ({ options }) => options.roleAssignments,
    },
    GRANTED,
  ),
  list('certificates', 'client certificates, without their content', CERTIFICATES),
];
