import { emailOf, fullName, numbered, TEAM_NAMES } from '../../../sandbox/names.ts';
import { hash, pick } from '../../../sandbox/random.ts';
import { idOf, uuidOf } from './ids.ts';

const DAY = 86_400_000;

export type User = {
  id: string;
  type: 'user';
  email: string;
  name: string;
  role: string;
  added_at: string;
};
export type Invite = {
  id: string;
  type: 'invite';
  email: string;
  role: string;
  status: string;
  invited_at: string;
  expires_at: string;
};
export type Workspace = {
  id: string;
  type: 'workspace';
  name: string;
  created_at: string;
  archived_at: string | null;
  display_color: string;
};
export type Member = {
  type: 'workspace_member';
  user_id: string;
  workspace_id: string;
  workspace_role: string;
};
export type ApiKey = {
  id: string;
  name: string;
  partial_key_hint: string;
  status: string;
  created_at: string;
  expires_at: string | null;
  owner: string;
  workspace_id: string | null;
};
export type Group = {
  id: string;
  name: string;
  source_type: string;
  roles: string[];
  members: string[];
};
export type ExternalKey = {
  id: string;
  type: 'external_key';
  name: string;
  status: string;
  kms_key_arn: string;
  last_validated_at: string;
  created_at: string;
};
export type Role = {
  id: string;
  name: string;
  permissions: { action: string; resource_type: string }[];
};

/** Who and what belongs to an organization. */
export type Account = {
  organizationId: string;
  organizationName: string;
  users: User[];
  invites: Invite[];
  workspaces: Workspace[];
  /** By workspace. */
  members: Map<string, Member[]>;
  apiKeys: ApiKey[];
  groups: Group[];
  roles: Role[];
  externalKeys: ExternalKey[];
};

const ROLES = ['admin', 'developer', 'claude_code_user', 'user', 'developer', 'billing'];
const KEY_STATUS = ['active', 'active', 'inactive', 'active', 'archived', 'expired'];
const WORKSPACE_ROLES = ['workspace_admin', 'workspace_developer', 'workspace_user'];

/** An organization that is the same for the same seed and sizes. */
export function generateAccount(
  seed: number,
  sizes: { users: number; workspaces: number; keys: number; start: number },
): Account {
  const { start } = sizes;
  const at = (days: number): string => new Date(start - days * DAY).toISOString();
  const users = range(sizes.users).map((n): User => {
    const name = fullName(n);
    const role = pick(ROLES, n);
    return {
      id: idOf('user', seed, n),
      type: 'user',
      email: emailOf(name),
      name,
      role,
      added_at: at(n + 1),
    };
  });
  const workspaces = range(sizes.workspaces).map((n): Workspace => ({
    id: idOf('wrkspc', seed, n),
    type: 'workspace',
    name: numbered(pick(TEAM_NAMES, n + 1), Math.floor(n / TEAM_NAMES.length)),
    created_at: at(n + 1),
    archived_at: n > 0 && n === sizes.workspaces - 1 ? at(0) : null,
    display_color: '#6C5BB9',
  }));
  const customRoles = rolesOf(seed);
  return {
    organizationId: uuidOf(seed, 'organization', 0),
    organizationName: 'Acme',
    users,
    invites: range(3).map((n): Invite => ({
      id: idOf('invite', seed, n),
      type: 'invite',
      email: emailOf(fullName(sizes.users + n)),
      role: 'developer',
      status: pick(['pending', 'accepted', 'expired'], n),
      invited_at: at(2),
      expires_at: at(-19),
    })),
    workspaces,
    members: new Map(workspaces.map((workspace) => [workspace.id, membersOf(workspace, users)])),
    apiKeys: keysOf(seed, sizes.keys, users, workspaces, at),
    groups: ['Engineering', 'Security'].map((name, n) => ({
      id: idOf('rbac_group', seed, n),
      name,
      source_type: n === 0 ? 'scim' : 'direct',
      roles: customRoles.slice(n, n + 1).map(({ id }) => id),
      members: users.filter((_, i) => i % 2 === n).map(({ id }) => id),
    })),
    roles: customRoles,
    externalKeys: range(2).map((n) => ({
      id: idOf('extkey', seed, n),
      type: 'external_key',
      name: `encryption ${n}`,
      status: 'active',
      kms_key_arn: `arn:aws:kms:eu-central-1:000000000000:key/${n}`,
      last_validated_at: at(n),
      created_at: at(n + 10),
    })),
  };
}

function rolesOf(seed: number): Role[] {
  return [
    { action: 'capability_access_all_ga', resource_type: 'organization' },
    { action: 'analytics_view', resource_type: 'organization' },
  ].map((permission, n) => ({
    id: idOf('rbac_role', seed, n),
    name: pick(['Builder', 'Auditor'], n),
    permissions: [permission],
  }));
}

function membersOf({ id }: Workspace, users: readonly User[]): Member[] {
  return users
    .filter((_, n) => hash(id.length + n, n) % 3 !== 0 || n === 0)
    .map((user, n) => ({
      type: 'workspace_member',
      user_id: user.id,
      workspace_id: id,
      workspace_role: pick(WORKSPACE_ROLES, n),
    }));
}

function keysOf(
  seed: number,
  count: number,
  users: readonly User[],
  workspaces: readonly Workspace[],
  at: (days: number) => string,
): ApiKey[] {
  return range(count).map((n) => ({
    id: idOf('apikey', seed, n),
    name: `service-${n}`,
    partial_key_hint: `sandbox-…${String(n).padStart(4, '0')}`,
    status: pick(KEY_STATUS, n),
    created_at: at(n),
    expires_at: null,
    owner: pick(users, n).id,
    workspace_id: n % 3 === 0 ? null : pick(workspaces, n).id,
  }));
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
