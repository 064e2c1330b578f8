import type { Sandbox } from '../../../sandbox/start.ts';
import type { Dataset } from '../../../../src/vendors/tabnine/sandbox/usage/parts.ts';
import type { Scope } from '../../../../src/vendors/tabnine/sandbox/usage/usage.ts';
import { getJson } from './client.ts';

export type ModelRow = { model: string; messages?: number; uniqueUsers?: number };

/** What the tests look at in a bucket, whichever series it is of. */
export type Figures = {
  from: string;
  to: string;
  activeUsers: number;
  codeCompletions?: { completions: number };
  chat?: { activeUsers: number; messages?: number; models?: ModelRow[] };
  totalTokensConsumed?: number;
  totalCost?: number;
  modelBreakdown?: ModelRow[];
  agentTypeBreakdown?: { agentType: string; tokensConsumed: number }[];
};

export type Body = { usage: { granularity: string; data: Figures[] } };

/** Each series has its paths. */
export const PATHS: Record<Dataset, Record<Scope, string>> = {
  v1: paths('/api/v1', 'usage'),
  v2: paths('/api/v2', 'usage'),
  agent: paths('/api/v1', 'agent-usage'),
};

/** The whole query of a right request, for the first team or the second user unless another is named. */
export function asked(
  sandbox: Sandbox,
  scope: Scope,
  query: Record<string, string>,
  id?: string,
): Record<string, string> {
  const organizationId = sandbox.tabnine.organization.id;
  return { organizationId, ...subjectOf(sandbox, scope, id), ...query };
}

/** The parameter that says whose usage is meant. */
export function subjectOf(
  sandbox: Sandbox,
  scope: Scope,
  id = idOf(sandbox, scope),
): Record<string, string> {
  return id === undefined ? {} : { [`${scope}Id`]: id };
}

/** The first team or the second user. */
export function idOf({ tabnine }: Sandbox, scope: Scope): string | undefined {
  if (scope === 'organization') return undefined;
  return scope === 'team' ? tabnine.teams[0]?.id : tabnine.users[1]?.id;
}

/** The buckets that are served. */
export async function bucketsOf(
  sandbox: Sandbox,
  dataset: Dataset,
  scope: Scope,
  query: Record<string, string>,
  id?: string,
): Promise<Figures[]> {
  const path = PATHS[dataset][scope];
  return (await getJson<Body>(sandbox, path, asked(sandbox, scope, query, id))).usage.data;
}

function paths(base: string, name: string): Record<Scope, string> {
  return {
    organization: `${base}/organization/${name}`,
    team: `${base}/team/${name}`,
    user: `${base}/user/${name}`,
  };
}
