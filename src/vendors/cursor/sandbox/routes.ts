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

export type Route = {
  /** `{id}` stands for one segment. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly endpoint: Endpoint;
};

function get(path: string, endpoint: Endpoint): Route {
  return { path, method: 'GET', endpoint };
}

export const ROUTES: readonly Route[] = [
  get('/teams/audit-logs', auditLogs('team')),
  get('/organizations/audit-logs', auditLogs('organization')),
  get('/teams/members', members),
  get('/teams/groups', groups),
  get('/teams/groups/{id}', group),
  get('/settings/repo-blocklists/repos', repoBlocklists),
  get('/teams/model-access/configuration', modelAccess),
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
