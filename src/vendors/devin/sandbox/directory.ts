import { fraction, hash, pick } from '../../../sandbox/random.ts';
import { TEAM_NAMES, emailOf, fullName, numbered } from '../../../sandbox/names.ts';
import { hex } from './ids.ts';
import {
  ACCOUNT_ROLES,
  IDP_GROUP_NAMES,
  ORGANIZATION_ROLES,
  type IdpGroup,
  type RoleAssignment,
  generateIdpGroups,
} from './roles.ts';

const DAY = 86_400;

/** Times are Unix seconds, here and in all that the vendor serves. */
export type Organization = {
  org_id: string;
  name: string;
  created_at: number;
  updated_at: number;
  max_session_acu_limit: number | null;
  max_cycle_acu_limit: number | null;
};

export type User = {
  user_id: string;
  email: string | null;
  name: string | null;
  role_assignments: RoleAssignment[];
};

/** A user whose membership comes from groups of the identity provider. */
export type IdpUser = {
  user_id: string;
  email: string | null;
  name: string | null;
  idp_role_assignments: (RoleAssignment & { idp_group_name: string })[];
};

export type ServiceUser = {
  service_user_id: string;
  name: string;
  expires_at: number | null;
  deleted_at: number | null;
  role_assignments: RoleAssignment[];
};

/** Somebody who works with Devin, in one organization. */
export type Actor = {
  readonly id: string;
  readonly kind: 'user' | 'service-user';
  readonly name: string;
  readonly email: string | null;
  readonly orgId: string;
};

export type Directory = {
  readonly enterpriseId: string;
  readonly organizations: Organization[];
  readonly deletedOrganizations: Organization[];
  readonly users: User[];
  readonly idpUsers: IdpUser[];
  readonly idpGroups: IdpGroup[];
  readonly serviceUsers: ServiceUser[];
  /** All who ever worked: later changes of the lists do not rewrite the past. */
  readonly actors: readonly Actor[];
};

export type DirectoryOptions = {
  readonly seed: number;
  readonly users: number;
  readonly organizations: number;
  readonly start: number;
  readonly end: number;
};

const SERVICE_NAMES = ['audit export', 'ci', 'nightly upgrades', 'old integration', 'trial'];

/** An enterprise with its people, the same for the same options. */
export function generateDirectory(options: DirectoryOptions): Directory {
  const { seed } = options;
  const all = Array.from({ length: options.organizations + 1 }, (_, place) =>
    generateOrganization(options, place),
  );
  const organizations = all.slice(0, -1);
  const people = Array.from({ length: options.users }, (_, place) =>
    generatePerson(seed, organizations, place),
  );
  const serviceUsers = SERVICE_NAMES.map((name, place) =>
    generateServiceUser(options, name, place),
  );
  return {
    enterpriseId: `enterprise-${hex(seed, 'enterprise', 0, 32)}`,
    organizations,
    deletedOrganizations: all.slice(-1),
    // Of five people, one comes from a group alone, and one is in both lists.
    users: people
      .filter((_, place) => place % 5 !== 4)
      .map((person, place) => userOf(seed, person, place)),
    idpUsers: people.filter((_, place) => place % 5 >= 3).map(idpUserOf),
    idpGroups: generateIdpGroups(seed, organizations),
    serviceUsers,
    actors: [...people, ...serviceUsers.map((user, place) => actorOf(user, organizations, place))],
  };
}

function generateOrganization({ seed, start, end }: DirectoryOptions, place: number): Organization {
  const created = Math.floor(start - fraction(seed + 61, place) * 300 * DAY);
  return {
    org_id: `org-${hex(seed, 'org', place, 32)}`,
    name: numbered(pick(TEAM_NAMES, place), Math.floor(place / TEAM_NAMES.length)),
    created_at: created,
    updated_at: Math.floor(created + fraction(seed + 62, place) * (end - created)),
    max_session_acu_limit: place % 3 === 0 ? 50 : null,
    max_cycle_acu_limit: place % 2 === 0 ? null : 2_000,
  };
}

/** The identifier is made of two or three parts, and the bar between them is no letter of a path. */
function generatePerson(seed: number, organizations: Organization[], place: number): Actor {
  const name = fullName(place);
  const key = hex(seed, 'user', place, 24);
  return {
    id: place % 5 >= 3 ? `okta|Acme|${key}` : `email|${key}`,
    kind: 'user',
    name,
    email: emailOf(name),
    orgId: pick(organizations, hash(seed + 63, place)).org_id,
  };
}

function userOf(seed: number, { id, name, email, orgId }: Actor, place: number): User {
  const assignments: RoleAssignment[] = [
    { role: pick(ACCOUNT_ROLES, place === 0 ? 0 : 1), org_id: null },
    { role: pick(ORGANIZATION_ROLES, hash(seed + 64, place)), org_id: orgId },
  ];
  // Both texts may be missing.
  return { user_id: id, email, name: place % 7 === 6 ? null : name, role_assignments: assignments };
}

function idpUserOf({ id, name, email, orgId }: Actor, place: number): IdpUser {
  const role = pick(ORGANIZATION_ROLES, place);
  const idp_group_name = pick(IDP_GROUP_NAMES, place);
  return {
    user_id: id,
    email,
    name,
    idp_role_assignments: [{ idp_group_name, role, org_id: orgId }],
  };
}

/** The first is the one whose token is used. One is deleted, one has expired. */
function generateServiceUser(
  { seed, start, end }: DirectoryOptions,
  name: string,
  place: number,
): ServiceUser {
  const middle = Math.floor((start + end) / 2);
  return {
    service_user_id: `service-user-${hex(seed, 'service user', place, 32)}`,
    name,
    expires_at: place === 4 ? middle : place === 1 ? end + 90 * DAY : null,
    deleted_at: place === 3 ? middle : null,
    role_assignments: [{ role: pick(ACCOUNT_ROLES, place === 0 ? 0 : 1), org_id: null }],
  };
}

function actorOf(
  { service_user_id: id, name }: ServiceUser,
  organizations: Organization[],
  place: number,
): Actor {
  return {
    id,
    kind: 'service-user',
    name,
    email: null,
    orgId: pick(organizations, place).org_id,
  };
}
