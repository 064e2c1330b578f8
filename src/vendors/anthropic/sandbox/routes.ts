import type { Answer } from '../../../sandbox/answer.ts';
import { claudeCodeReport } from './claude-code-endpoint.ts';
import {
  activityOfPeople,
  costsOfPeople,
  enterpriseCosts,
  enterpriseUsage,
  spendLimits,
  summaries,
} from './analytics-endpoints.ts';
import {
  apiKeys,
  externalKeys,
  groupMembers,
  groups,
  invites,
  linked,
  me,
  recording,
  rolePermissions,
  roles,
  users,
  workspaceMembers,
  workspaces,
} from './directory-endpoints.ts';
import { activities } from './feed-endpoint.ts';
import type { Opens } from './keys.ts';
import { rateLimits, workspaceRateLimits } from './rate-limits.ts';
import { costReport, usageReport } from './report-endpoints.ts';
import type { Inquiry } from './state.ts';

export type Route = {
  /** `{id}` stands for one segment. */
  readonly path: string;
  readonly opens: Opens;
  readonly endpoint: (inquiry: Inquiry) => Answer;
};

const ORGANIZATION = '/v1/organizations';

export const ROUTES: readonly Route[] = [
  ...openedBy('either', {
    [`${ORGANIZATION}/me`]: me,
    [`${ORGANIZATION}/users`]: users,
    [`${ORGANIZATION}/invites`]: invites,
  }),
  ...openedBy('console', {
    [`${ORGANIZATION}/workspaces`]: workspaces,
    [`${ORGANIZATION}/workspaces/{id}/members`]: workspaceMembers,
    [`${ORGANIZATION}/api_keys`]: apiKeys,
    [`${ORGANIZATION}/external_keys`]: externalKeys,
    [`${ORGANIZATION}/rate_limits`]: rateLimits,
    [`${ORGANIZATION}/workspaces/{id}/rate_limits`]: workspaceRateLimits,
    [`${ORGANIZATION}/usage_report/messages`]: usageReport,
    [`${ORGANIZATION}/usage_report/claude_code`]: claudeCodeReport,
    [`${ORGANIZATION}/cost_report`]: costReport,
  }),
  ...openedBy('activities', {
    '/v1/compliance/activities': activities,
    [`${ORGANIZATION}/compliance_settings`]: recording,
  }),
  ...openedBy('compliance', { '/v1/compliance/organizations': linked }),
  ...openedBy('groups', {
    [`${ORGANIZATION}/rbac_groups`]: groups,
    [`${ORGANIZATION}/rbac_groups/{id}/members`]: groupMembers,
    [`${ORGANIZATION}/rbac_roles`]: roles,
    [`${ORGANIZATION}/rbac_roles/{id}/permissions`]: rolePermissions,
  }),
  ...openedBy('spend', { [`${ORGANIZATION}/spend_limits/effective`]: spendLimits }),
  ...openedBy('analytics', {
    [`${ORGANIZATION}/analytics/usage_report`]: enterpriseUsage,
    [`${ORGANIZATION}/analytics/cost_report`]: enterpriseCosts,
    [`${ORGANIZATION}/analytics/user_cost_report`]: costsOfPeople,
    [`${ORGANIZATION}/analytics/users`]: activityOfPeople,
    [`${ORGANIZATION}/analytics/summaries`]: summaries,
  }),
];

function openedBy(opens: Opens, endpoints: Readonly<Record<string, Route['endpoint']>>): Route[] {
  return Object.entries(endpoints).map(([path, endpoint]) => ({ path, opens, endpoint }));
}
