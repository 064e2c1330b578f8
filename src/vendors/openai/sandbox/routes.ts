import { type Answer, json } from '../../../sandbox/answer.ts';
import { auditLogs } from './audit-logs.ts';
import {
  adminKeys,
  all,
  apiKeys,
  heldRoles,
  ofProject,
  one,
  projects,
  projectSetting,
  rateLimits,
  rolesInProject,
} from './endpoints.ts';
import { BY_NEXT, pageOf } from './lists.ts';
import type { Inquiry } from './state.ts';
import { costs, usage } from './usage-endpoints.ts';

/** What a key may be given, one by one. */
export const SCOPES = ['api.audit_logs.read', 'api.management.read', 'api.usage.read'] as const;

export type Scope = (typeof SCOPES)[number];

export type Route = {
  /** `{id}` stands for one segment. */
  readonly path: string;
  readonly needs: Scope;
  readonly endpoint: (inquiry: Inquiry) => Answer;
};

const ROOT = '/v1/organization';
const PROJECT = `${ROOT}/projects/{id}`;
const KINDS =
  'completions embeddings moderations images audio_speeches audio_transcriptions vector_stores code_interpreter_sessions file_search_calls web_search_calls';

const spendLimit = { object: 'spend_limit', limit_amount: 500_000, currency: 'USD' };
const GROUP_PAGES = { envelope: 'next', usual: 20, most: 100, id: 'group_id' } as const;

export const ROUTES: readonly Route[] = [
  ...needing('api.audit_logs.read', { [`${ROOT}/audit_logs`]: auditLogs }),
  ...needing('api.management.read', {
    [`${ROOT}/users`]: all(({ directory }) => directory.users),
    [`${ROOT}/users/{id}/roles`]: one(heldRoles, BY_NEXT),
    [`${ROOT}/invites`]: all(({ directory }) => directory.invites),
    [`${ROOT}/projects`]: projects,
    [`${PROJECT}/users`]: ofProject(({ directory }, id) => directory.members.get(id) ?? []),
    [`${PROJECT}/service_accounts`]: ofProject(
      ({ directory }, id) => directory.serviceAccounts.get(id) ?? [],
    ),
    [`${PROJECT}/api_keys`]: (inquiry) =>
      ofProject((state, id) => apiKeys(state, inquiry.params.get('owner_project_access'), id))(
        inquiry,
      ),
    [`${PROJECT}/groups`]: ofProject(
      ({ directory }, id) => directory.projectGroups.get(id) ?? [],
      GROUP_PAGES,
    ),
    '/v1/projects/{id}/roles': ofProject(({ directory }) => directory.roles.slice(1), BY_NEXT),
    '/v1/projects/{id}/users/{other}/roles': rolesInProject('members', 'id'),
    '/v1/projects/{id}/groups/{other}/roles': rolesInProject('projectGroups', 'group_id'),
    [`${PROJECT}/rate_limits`]: ofProject((_state, id) => rateLimits(id)),
    [`${PROJECT}/data_retention`]: projectSetting(() => ({ type: 'organization_default' })),
    [`${PROJECT}/spend_limit`]: projectSetting(() => spendLimit),
    [`${PROJECT}/spend_alerts`]: ofProject(({ directory }) => directory.spendAlerts),
    [`${PROJECT}/model_permissions`]: projectSetting(() => ({ mode: 'allow_list', model_ids: [] })),
    [`${PROJECT}/hosted_tool_permissions`]: projectSetting(() => ({
      web_search: { enabled: true },
    })),
    [`${ROOT}/admin_api_keys`]: all(adminKeys),
    [`${ROOT}/groups`]: all(({ directory }) => directory.groups, BY_NEXT),
    [`${ROOT}/groups/{id}/users`]: one(
      ({ directory }, id) => directory.groupUsers.get(id),
      BY_NEXT,
    ),
    [`${ROOT}/groups/{id}/roles`]: one(heldRoles, BY_NEXT),
    [`${ROOT}/roles`]: all(({ directory }) => directory.roles, BY_NEXT),
    [`${ROOT}/certificates`]: all(({ directory }) => directory.certificates),
    [`${ROOT}/data_retention`]: () => json(200, { type: 'zero_data_retention' }, 1),
    [`${ROOT}/spend_limit`]: () => json(200, spendLimit, 1),
    [`${ROOT}/spend_alerts`]: ({ state, params }) =>
      pageOf(state.directory.spendAlerts, params, { envelope: 'last', usual: 20, most: 100 }),
  }),
  ...needing('api.usage.read', {
    [`${ROOT}/costs`]: costs,
    ...Object.fromEntries(KINDS.split(' ').map((kind) => [`${ROOT}/usage/${kind}`, usage(kind)])),
  }),
];

function needing(needs: Scope, endpoints: Readonly<Record<string, Route['endpoint']>>): Route[] {
  return Object.entries(endpoints).map(([path, endpoint]) => ({ path, needs, endpoint }));
}
