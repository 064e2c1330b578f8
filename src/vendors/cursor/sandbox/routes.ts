import { aiCode } from './ai-code.ts';
import { bugbotReviews } from './bugbot.ts';
import { teamAnalytics, userAnalytics } from './analytics.ts';
import { auditLogs } from './audit-logs.ts';
import {
  group,
  groups,
  members,
  modelAccess,
  organizationGroups,
  organizationMembers,
  repoBlocklists,
} from './directory-endpoints.ts';
import type { Endpoint } from './state.ts';
import {
  dailyUsage,
  organizationSpend,
  pooledUsage,
  spend,
  usageEvents,
} from './usage-endpoints.ts';

export type Route = {
  /** `{id}` stands for one segment. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly endpoint: Endpoint;
};

function get(path: string, endpoint: Endpoint): Route {
  return { path, method: 'GET', endpoint };
}

function post(path: string, endpoint: Endpoint): Route {
  return { path, method: 'POST', endpoint };
}

export const ROUTES: readonly Route[] = [
  get('/teams/audit-logs', auditLogs('team')),
  get('/organizations/audit-logs', auditLogs('organization')),
  get('/teams/members', members),
  get('/teams/groups', groups),
  get('/teams/groups/{id}', group),
  get('/settings/repo-blocklists/repos', repoBlocklists),
  get('/teams/model-access/configuration', modelAccess),
  get('/analytics/ai-code/commits', aiCode('commits')),
  get('/analytics/ai-code/changes', aiCode('changes')),
  get('/analytics/team/bugbot-reviews', bugbotReviews),
  get('/analytics/team/{id}', teamAnalytics),
  get('/analytics/by-user/{id}', userAnalytics),
  post('/teams/spend', spend),
  post('/teams/daily-usage-data', dailyUsage),
  post('/teams/filtered-usage-events', usageEvents(100)),
  post('/organizations/filtered-usage-events', usageEvents(10)),
  post('/organizations/spend', organizationSpend),
  post('/organizations/pooled-usage', pooledUsage),
  get('/organizations/members', organizationMembers),
  get('/organizations/groups', organizationGroups),
];

/** What would change something: a call of one is noted, for a test to fail by. */
export const WRITES: readonly string[] = [
  '/teams/user-spend-limit',
  '/teams/remove-member',
  '/settings/repo-blocklists/repos/upsert',
  '/teams/groups',
  '/teams/model-access/configuration',
];
