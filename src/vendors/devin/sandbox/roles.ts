import { pick } from '../../../sandbox/random.ts';
import { hex } from './ids.ts';

export type Role = { role_id: string; role_name: string; role_type: 'enterprise' | 'org' };

/** A role, everywhere or in one organization. */
export type RoleAssignment = { role: Role; org_id: string | null };

export type IdpGroup = { idp_group_name: string; role_assignments: RoleAssignment[] };

export const ACCOUNT_ROLES: readonly Role[] = [
  { role_id: 'account_admin', role_name: 'Enterprise Admin', role_type: 'enterprise' },
  { role_id: 'account_member', role_name: 'Enterprise Member', role_type: 'enterprise' },
];

export const ORGANIZATION_ROLES: readonly Role[] = [
  { role_id: 'org_member', role_name: 'Org Member', role_type: 'org' },
  { role_id: 'org_admin', role_name: 'Org Admin', role_type: 'org' },
  { role_id: `role-${hex(1, 'role', 0, 16)}`, role_name: 'Reviewer | Auditor', role_type: 'org' },
];

export const ROLES: readonly Role[] = [...ACCOUNT_ROLES, ...ORGANIZATION_ROLES];

/** The names are those of the identity provider: spaces and slashes occur. */
export const IDP_GROUP_NAMES: readonly string[] = ['Engineering', 'Platform / SRE', 'Contractors'];

/** The registered groups; the last has no role in anything. */
export function generateIdpGroups(seed: number, organizations: { org_id: string }[]): IdpGroup[] {
  return IDP_GROUP_NAMES.map((idp_group_name, place) => ({
    idp_group_name,
    role_assignments:
      place === IDP_GROUP_NAMES.length - 1
        ? []
        : [
            {
              role: pick(ORGANIZATION_ROLES, seed + place),
              org_id: pick(organizations, place).org_id,
            },
          ],
  }));
}
