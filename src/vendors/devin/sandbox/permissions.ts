import type { Quirks } from './quirks.ts';

export const PERMISSIONS = [
  'ReadAccountMeta',
  'ManageEnterpriseSettings',
  'ViewAccountConsumption',
  'ManageBilling',
  'ViewAccountMetrics',
  'ViewAccountSessions',
  'ViewAccountSearches',
  'ManageAccountMembership',
  'ManageOrganizations',
  'ManageGitIntegrations',
  'ViewEnterpriseInfraDetails',
  'ManageAccountKnowledge',
  'ManageAccountPlaybooks',
  'ManageOrgSchedules',
  'ManageOrgSecrets',
] as const;

export type Permission = (typeof PERMISSIONS)[number];

/** What an endpoint asks for; `billing` has had more than one name. */
export type Needed = Permission | 'billing';

/** The name of the permission that is needed. */
export function permissionFor(needed: Needed, { billingPermission }: Quirks): Permission {
  return needed === 'billing' ? billingPermission : needed;
}
