import { type Answer, type Call, json } from '../../../sandbox/answer.ts';
import { agentConfiguration, agentTasks } from './agent-endpoints.ts';
import { REPOSITORIES } from './agents.ts';
import { auditLog } from './audit-log.ts';
import { aiCredits, premiumRequests, usage } from './billing.ts';
import * as lists from './lists.ts';
import { report } from './reports.ts';
import { scimUsers } from './scim.ts';
import type { GithubState } from './state.ts';

/** `{id}` is the segment that an endpoint gets; the account is in place of the other names. */
export type Route = {
  readonly path: string;
  readonly endpoint: (state: GithubState, call: Call, id: string) => Answer;
};

const REPORTS = '/copilot/metrics/reports';

/** Paths below the enterprise. */
const OF_ENTERPRISE: readonly Route[] = [
  { path: '/audit-log', endpoint: auditLog },
  { path: '/copilot/billing/seats', endpoint: lists.seats },
  { path: '/copilot/content_exclusion', endpoint: lists.exclusion },
  { path: `${REPORTS}/enterprise-1-day`, endpoint: report('total', 'enterprise') },
  { path: `${REPORTS}/users-1-day`, endpoint: report('users', 'enterprise') },
  { path: `${REPORTS}/repos-1-day`, endpoint: report('repos', 'enterprise') },
  { path: `${REPORTS}/user-teams-1-day`, endpoint: report('user-teams', 'enterprise') },
  { path: '/teams', endpoint: lists.enterpriseTeams },
  { path: '/teams/{id}/memberships', endpoint: lists.enterpriseTeamMembers },
  { path: '/consumed-licenses', endpoint: lists.licenses },
  { path: '/settings/billing/ai_credit/usage', endpoint: aiCredits },
  { path: '/settings/billing/usage', endpoint: usage },
  { path: '/settings/billing/premium_request/usage', endpoint: premiumRequests },
  { path: '/settings/billing/budgets', endpoint: lists.budgets },
  { path: '/settings/billing/cost-centers', endpoint: lists.costCenters },
  { path: '/copilot/usage-records', endpoint: (_state, _call) => json(200, []) },
];

/** Paths below the organization. */
const OF_ORGANIZATION: readonly Route[] = [
  { path: '/audit-log', endpoint: auditLog },
  { path: '/copilot/billing', endpoint: lists.settings },
  { path: '/copilot/billing/seats', endpoint: lists.seats },
  { path: '/copilot/content_exclusion', endpoint: lists.exclusion },
  { path: `${REPORTS}/organization-1-day`, endpoint: report('total', 'organization') },
  { path: `${REPORTS}/users-1-day`, endpoint: report('users', 'organization') },
  { path: `${REPORTS}/repos-1-day`, endpoint: report('repos', 'organization') },
  { path: `${REPORTS}/user-teams-1-day`, endpoint: report('user-teams', 'organization') },
  { path: '/members', endpoint: lists.members },
  { path: '/teams', endpoint: lists.teams },
  { path: '/teams/{id}/members', endpoint: lists.teamMembers },
  { path: '/personal-access-tokens', endpoint: lists.patGrants },
  { path: '/credential-authorizations', endpoint: lists.credentials },
  { path: '/installations', endpoint: lists.installations },
  { path: '/external-groups', endpoint: lists.groups },
];

/** The bills of an organization are below a longer word. */
const BILLS: readonly Route[] = [
  { path: '/settings/billing/premium_request/usage', endpoint: premiumRequests },
  { path: '/settings/billing/ai_credit/usage', endpoint: aiCredits },
  { path: '/settings/billing/usage', endpoint: usage },
];

export function routesOf({ company }: Pick<GithubState, 'company'>): Route[] {
  const { enterprise, organization } = company;
  const below = (base: string, routes: readonly Route[]): Route[] =>
    routes.map(({ path, endpoint }) => ({ path: `${base}${path}`, endpoint }));
  return [
    { path: '/rate_limit', endpoint: lists.rateLimit },
    { path: `/scim/v2/enterprises/${enterprise.slug}/Users`, endpoint: scimUsers },
    { path: `/scim/v2/organizations/${organization.login}/Users`, endpoint: scimUsers },
    ...REPOSITORIES.flatMap((name): Route[] => [
      { path: `/agents/repos/${name}/tasks`, endpoint: agentTasks(name) },
      {
        path: `/repos/${name}/copilot/cloud-agent/configuration`,
        endpoint: agentConfiguration(name),
      },
    ]),
    ...below(`/enterprises/${enterprise.slug}`, OF_ENTERPRISE),
    ...below(`/enterprises/${enterprise.id}`, OF_ENTERPRISE),
    ...below(`/orgs/${organization.login}`, OF_ORGANIZATION),
    ...below(`/organizations/${organization.login}`, BILLS),
  ];
}
