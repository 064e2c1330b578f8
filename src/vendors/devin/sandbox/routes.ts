import type { Answer } from '../../../sandbox/answer.ts';
import { auditLogs } from './audit-logs.ts';
import { acuLimits, cycles, daily } from './consumption/endpoints.ts';
import {
  idpGroupMembers,
  idpGroups,
  idpUsers,
  organizations,
  roles,
  self,
  serviceUsers,
  tags,
  users,
} from './directory-endpoints.ts';
import {
  gitConnections,
  gitPermissions,
  hypervisors,
  ipAccessList,
  orgGroupLimits,
  queue,
} from './holding-endpoints.ts';
import { metric, usage } from './metrics/endpoints.ts';
import type { Needed } from './permissions.ts';
import { searches } from './search-list.ts';
import { sessions } from './session-list.ts';
import type { Inquiry } from './state.ts';
import {
  enterpriseNotes,
  enterprisePlaybooks,
  notes,
  playbooks,
  repositories,
  schedules,
  secrets,
} from './written-endpoints.ts';

export type Route = {
  /** `{id}` stands for one segment. */
  readonly path: string;
  readonly needs: Needed;
  readonly endpoint: (inquiry: Inquiry) => Answer;
};

type Endpoints = Readonly<Record<string, Route['endpoint']>>;

/** Where the API begins for the whole enterprise, and for one of its organizations. */
const ENTERPRISE = '/v3/enterprise';
const ORGANIZATION = `${ENTERPRISE}/organizations/{id}`;
const OWN = '/v3/organizations/{id}';

/** Endpoints by the permission that they need. The per-organization log needs it for the enterprise, too. */
export const ROUTES: readonly Route[] = [
  ...needing('ReadAccountMeta', { '/v3/self': self }),
  ...needing('ManageEnterpriseSettings', {
    [`${ENTERPRISE}/audit-logs`]: auditLogs('enterprise'),
    [`${ORGANIZATION}/audit-logs`]: auditLogs('organization'),
    [`${ORGANIZATION}/tags`]: tags,
    [`${ENTERPRISE}/ip-access-list`]: ipAccessList,
  }),
  ...needing('ManageOrganizations', {
    [`${ENTERPRISE}/organizations`]: organizations,
    [`${ENTERPRISE}/org-group-limits`]: orgGroupLimits,
  }),
  ...needing('ManageAccountMembership', {
    [`${ENTERPRISE}/members/users`]: users,
    [`${ENTERPRISE}/members/idp-users`]: idpUsers,
    [`${ENTERPRISE}/members/idp-groups`]: idpGroupMembers,
    [`${ENTERPRISE}/members/service-users`]: serviceUsers,
    [`${ENTERPRISE}/idp-groups`]: idpGroups,
    [`${ENTERPRISE}/roles`]: roles,
  }),
  ...needing('ManageGitIntegrations', {
    [`${ENTERPRISE}/git-providers/connections`]: gitConnections,
    [`${ENTERPRISE}/git-providers/connections/{id}/repositories`]: repositories,
    [`${ORGANIZATION}/git-providers/permissions`]: gitPermissions,
  }),
  ...needing('ViewEnterpriseInfraDetails', { [`${ENTERPRISE}/hypervisors`]: hypervisors }),
  ...needing('billing', {
    [`${ENTERPRISE}/consumption/acu-limits/devin`]: acuLimits,
    [`${ENTERPRISE}/consumption/cycles`]: cycles,
    [`${ENTERPRISE}/consumption/daily`]: daily('enterprise'),
    [`${ENTERPRISE}/consumption/daily/organizations/{id}`]: daily('organization'),
    [`${ENTERPRISE}/consumption/daily/users/{id}`]: daily('user'),
    [`${ENTERPRISE}/consumption/daily/service-users/{id}`]: daily('service-user'),
  }),
  ...needing('ViewAccountMetrics', {
    [`${ENTERPRISE}/metrics/dau`]: metric('dau'),
    [`${ENTERPRISE}/metrics/wau`]: metric('wau'),
    [`${ENTERPRISE}/metrics/mau`]: metric('mau'),
    [`${ENTERPRISE}/metrics/active-users`]: metric('active-users'),
    [`${ENTERPRISE}/metrics/sessions`]: metric('sessions'),
    [`${ENTERPRISE}/metrics/sessions-by-category`]: metric('sessions-by-category'),
    [`${ENTERPRISE}/metrics/prs`]: metric('prs'),
    [`${ENTERPRISE}/metrics/searches`]: metric('searches'),
    [`${ENTERPRISE}/metrics/usage`]: usage('enterprise'),
    [`${ORGANIZATION}/metrics/usage`]: usage('organization'),
    [`${ENTERPRISE}/queue`]: queue,
  }),
  ...needing('ManageAccountKnowledge', {
    [`${ENTERPRISE}/knowledge/notes`]: enterpriseNotes,
    [`${OWN}/knowledge/notes`]: notes,
  }),
  ...needing('ManageAccountPlaybooks', {
    [`${ENTERPRISE}/playbooks`]: enterprisePlaybooks,
    [`${OWN}/playbooks`]: playbooks,
  }),
  ...needing('ManageOrgSchedules', { [`${OWN}/schedules`]: schedules }),
  ...needing('ManageOrgSecrets', { [`${OWN}/secrets`]: secrets }),
  ...needing('ViewAccountSessions', { [`${ENTERPRISE}/sessions`]: sessions }),
  ...needing('ViewAccountSearches', { [`${ENTERPRISE}/searches`]: searches }),
];

function needing(needs: Needed, endpoints: Endpoints): Route[] {
  return Object.entries(endpoints).map(([path, endpoint]) => ({ path, needs, endpoint }));
}
