import { emailOf, fullName, numbered, TEAM_NAMES } from '../../../sandbox/names.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import { idOf } from './ids.ts';

const DAY = 86_400;

type Listed = { id: string; [field: string]: unknown };

export type User = Listed & { name: string; email: string; role: 'owner' | 'reader' };
type Project = Listed & { name: string; status: 'active' | 'archived' };
export type ApiKey = Listed & { name: string; owner_project_access: 'active' | 'inactive' };
export type Group = Listed & { name: string };

/** Who and what the organization has. All of it may be changed while it is read. Times are Unix seconds. */
export type Directory = {
  readonly users: User[];
  readonly invites: Listed[];
  readonly projects: Project[];
  readonly adminKeys: Listed[];
  readonly groups: Group[];
  readonly roles: Listed[];
  readonly certificates: Listed[];
  readonly spendAlerts: Listed[];
  /** By project. */
  readonly members: Map<string, Listed[]>;
  readonly serviceAccounts: Map<string, Listed[]>;
  readonly apiKeys: Map<string, ApiKey[]>;
  readonly projectGroups: Map<string, Record<string, unknown>[]>;
  /** By group. */
  readonly groupUsers: Map<string, Listed[]>;
  /** The roles beyond the first that a user or group holds. */
  readonly heldRoles: Map<string, Listed[]>;
};

type DirectorySizes = { seed: number; users: number; projects: number; start: number };

/** An organization, the same for the same sizes. */
export function generateDirectory({ seed, users: people, projects, start }: DirectorySizes) {
  const users = Array.from({ length: people }, (_, n) => userAt(seed, n, start));
  const all = Array.from({ length: projects + 1 }, (_, n) => projectAt(seed, n, projects, start));
  const groups = ['Engineering', 'Research'].map((name, n): Group => ({
    id: idOf('group_', seed, n),
    name,
    created_at: start,
    is_scim_managed: n === 0,
    group_type: 'group',
  }));
  const roles = rolesOf(seed);
  const directory: Directory = {
    users,
    projects: all,
    groups,
    roles,
    invites: [inviteAt(seed, people, start)],
    adminKeys: [adminKeyAt(seed, users, start)],
    certificates: [
      { object: 'certificate', id: idOf('cert_', seed, 0), name: 'mTLS', active: true },
    ],
    spendAlerts: [{ id: idOf('alert_', seed, 0), threshold_amount: 100_000, currency: 'USD' }],
    members: new Map(all.map(({ id }, n) => [id, membersAt(users, n, projects, start)])),
    serviceAccounts: new Map(all.map(({ id }, n) => [id, [serviceAccountAt(seed, n, start)]])),
    apiKeys: new Map(),
    projectGroups: new Map(
      all.map(({ id }, n) => [id, n % 2 === 0 ? [projectGroup(groups[0], id, start)] : []]),
    ),
    groupUsers: new Map(groups.map(({ id }, n) => [id, users.filter((_, at) => at % 2 === n)])),
    heldRoles: new Map(
      [groups[0], users[1]].map((holder) => [holder?.id ?? '', roles.slice(1, 2)]),
    ),
  };
  for (const [n, { id }] of all.entries())
    directory.apiKeys.set(id, keysAt(seed, n, id, directory));
  return directory;
}

function userAt(seed: number, place: number, start: number): User {
  const name = fullName(place);
  return {
    object: 'organization.user',
    id: idOf('user-', seed, place),
    name,
    email: emailOf(name),
    role: place === 0 ? 'owner' : 'reader',
    added_at: start - (place + 1) * DAY,
  };
}

/** The first is the default project, the last is archived. */
function projectAt(seed: number, place: number, last: number, start: number): Project {
  const name = numbered(pick(TEAM_NAMES, place), Math.floor(place / TEAM_NAMES.length));
  return {
    object: 'organization.project',
    id: idOf('proj_', seed, place),
    name: place === 0 ? 'Default project' : name,
    created_at: start - 300 * DAY + place,
    archived_at: place === last ? start - DAY : null,
    status: place === last ? 'archived' : 'active',
  };
}

function membersAt(users: readonly User[], place: number, projects: number, start: number) {
  return users
    .filter((_, n) => place === 0 || n % Math.max(1, projects) === place - 1)
    .map(({ id, name, email }, n) => ({
      object: 'organization.project.user',
      id,
      name,
      email,
      role: n === 0 ? 'owner' : 'member',
      added_at: start,
    }));
}

function serviceAccountAt(seed: number, place: number, start: number): Listed {
  const id = idOf('user-svc-', seed, place);
  const name = pick(['ci', 'nightly-evals', 'batch'], place);
  return {
    object: 'organization.project.service_account',
    id,
    name,
    role: 'member',
    created_at: start,
  };
}

/** Each member of a project has a key, and so has its service account; of one the owner has left. */
function keysAt(seed: number, place: number, project: string, directory: Directory): ApiKey[] {
  const people = (directory.members.get(project) ?? []).slice(0, 20);
  const owners = [
    ...people.map((user) => ({ type: 'user', user })),
    ...(directory.serviceAccounts.get(project) ?? []).map((service_account) => ({
      type: 'service_account',
      service_account,
    })),
  ];
  return owners.map((owner, n) => ({
    object: 'organization.project.api_key',
    id: idOf('key_', seed, place * 1_000 + n),
    name: `key ${n + 1}`,
    redacted_value: `sk-…${String(hash(seed + 70, place * 1_000 + n) % 10_000).padStart(4, '0')}`,
    created_at: 1_700_000_000,
    last_used_at: 1_750_000_000,
    owner,
    owner_project_access: n === 1 ? 'inactive' : 'active',
  }));
}

function inviteAt(seed: number, place: number, start: number): Listed {
  const email = emailOf(fullName(place));
  const invited_at = start + DAY;
  return {
    object: 'organization.invite',
    id: idOf('invite-', seed, place),
    email,
    role: 'reader',
    status: 'pending',
    created_at: invited_at,
    expires_at: invited_at + 7 * DAY,
    projects: [],
  };
}

function adminKeyAt(seed: number, [owner]: readonly User[], start: number): Listed {
  return {
    object: 'organization.admin_api_key',
    id: idOf('key_admin_', seed, 0),
    name: 'audit export',
    redacted_value: 'sk-admin-…0001',
    created_at: start,
    expires_at: null,
    last_used_at: start,
    owner: { type: 'user', object: 'organization.user', ...owner },
  };
}

function rolesOf(seed: number): Listed[] {
  return ['owner', 'key manager'].map((name, n) => ({
    object: 'role',
    id: idOf('role_', seed, n),
    name,
    description: null,
    permissions: n === 0 ? ['*'] : ['api.organization.projects.api_keys.read'],
    resource_type: 'api.organization',
    predefined_role: n === 0,
  }));
}

function projectGroup(group: Group | undefined, project: string, start: number) {
  return {
    object: 'project.group',
    project_id: project,
    group_id: group?.id ?? '',
    group_name: group?.name ?? '',
    group_type: 'group',
    created_at: start,
  };
}
