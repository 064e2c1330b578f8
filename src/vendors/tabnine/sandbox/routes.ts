import type { Answer } from '../../../sandbox/answer.ts';
import { auditLogs } from './audit-logs.ts';
import {
  organization,
  organizationTeams,
  organizationUsers,
  teamById,
  teamByOlderPath,
  teamUsers,
} from './directory-endpoints.ts';
import { invitations, license, repositories } from './holding-endpoints.ts';
import type { Inquiry } from './state.ts';
import { usage } from './usage/endpoints.ts';
import {
  allowedTeams,
  permissions,
  userByEmail,
  userById,
  userByOlderPath,
} from './user-endpoints.ts';
import { organizationUtilization, teamUtilization } from './utilization.ts';

export type Route = {
  /** `{id}` stands for one segment. */
  readonly path: string;
  /** The endpoint refuses tokens without the Admin role. */
  readonly adminOnly?: boolean;
  readonly endpoint: (inquiry: Inquiry) => Answer;
};

/** The first that fits: what a path spells out stands before what a variable segment would take. */
export const ROUTES: readonly Route[] = [
  { path: '/api/v1/organization', endpoint: organization },
  { path: '/api/v1/organization/teams', endpoint: organizationTeams },
  { path: '/api/v1/organization/users', endpoint: organizationUsers },
  { path: '/api/v1/organization/audit-logs', endpoint: auditLogs, adminOnly: true },
  { path: '/api/v1/organization/account-utilizations', endpoint: organizationUtilization },
  { path: '/api/v1/organization/usage', endpoint: usage('v1', 'organization') },
  { path: '/api/v1/organization/agent-usage', endpoint: usage('agent', 'organization') },
  { path: '/api/v2/organization/usage', endpoint: usage('v2', 'organization') },
  { path: '/api/v1/team/account-utilizations', endpoint: teamUtilization },
  { path: '/api/v1/team/usage', endpoint: usage('v1', 'team') },
  { path: '/api/v1/team/agent-usage', endpoint: usage('agent', 'team') },
  { path: '/api/v2/team/usage', endpoint: usage('v2', 'team') },
  { path: '/api/v1/team/{id}/users', endpoint: teamUsers },
  { path: '/api/v1/team/{id}', endpoint: teamByOlderPath },
  { path: '/api/team/v1/{id}', endpoint: teamById },
  {
    path: '/api/team/v1/{id}/connections/repositories',
    endpoint: repositories,
    adminOnly: true,
  },
  { path: '/api/v1/user/usage', endpoint: usage('v1', 'user') },
  { path: '/api/v1/user/agent-usage', endpoint: usage('agent', 'user') },
  { path: '/api/v2/user/usage', endpoint: usage('v2', 'user') },
  { path: '/api/v1/user/{id}', endpoint: userByOlderPath },
  { path: '/api/user/v1/{id}', endpoint: userById, adminOnly: true },
  // Managers may ask for these three as well.
  { path: '/api/user/v1/by-email/{id}', endpoint: userByEmail },
  { path: '/api/user/v1/{id}/allowed-teams', endpoint: allowedTeams },
  { path: '/api/invitation/v1', endpoint: invitations },
  { path: '/api/v1/license', endpoint: license },
  { path: '/api/v1/instance/permissions', endpoint: permissions },
];
