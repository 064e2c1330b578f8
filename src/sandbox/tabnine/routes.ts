import type { Answer } from '../answer.ts';
import { auditLogs } from './audit-logs.ts';
import {
  organization,
  organizationTeams,
  organizationUsers,
  teamById,
  teamUsers,
  userById,
} from './directory-endpoints.ts';
import type { Inquiry } from './state.ts';

export type Route = {
  /** `{id}` stands for one segment. */
  readonly path: string;
  /** The endpoint refuses tokens without the Admin role. */
  readonly adminOnly?: boolean;
  readonly endpoint: (inquiry: Inquiry) => Answer;
};

const ROUTES: readonly Route[] = [
  { path: '/api/v1/organization', endpoint: organization },
  { path: '/api/v1/organization/teams', endpoint: organizationTeams },
  { path: '/api/v1/organization/users', endpoint: organizationUsers },
  { path: '/api/v1/organization/audit-logs', endpoint: auditLogs, adminOnly: true },
  { path: '/api/v1/team/{id}/users', endpoint: teamUsers },
  { path: '/api/team/v1/{id}', endpoint: teamById },
  { path: '/api/user/v1/{id}', endpoint: userById, adminOnly: true },
];

/** The route of a path, with the segment that stands for `{id}`. */
export function findRoute(path: string): { route: Route; id: string } | undefined {
  const segments = path.split('/');
  for (const route of ROUTES) {
    const pattern = route.path.split('/');
    const fits =
      pattern.length === segments.length &&
      pattern.every(
        (part, place) => part === segments[place] || (part === '{id}' && segments[place] !== ''),
      );
    if (fits) return { route, id: decoded(segments[pattern.indexOf('{id}')] ?? '') };
  }
  return undefined;
}

/** A malformed escape names nothing; the endpoint answers that there is no such thing. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
