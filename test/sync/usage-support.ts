/** What the tests of usage compare: the figures that are served, flattened on their own, and those that are stored. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bucket } from '../../src/vendors/tabnine/sandbox/usage/usage.ts';
import type { Sandbox } from '../sandbox/start.ts';
import type { RequestRecord } from '../../src/sandbox/vendor.ts';
import type { Home, Ran, Report } from '../harness.ts';
import { DAY, select } from './support.ts';

export const DATASETS = { 'usage-v1': 'v1', 'usage-v2': 'v2', 'agent-usage': 'agent' } as const;
export type DatasetName = keyof typeof DATASETS;
export const SCOPES = ['organization', 'team', 'user'] as const;
export type Scope = (typeof SCOPES)[number];
const streamsOf = (family: string): string[] => SCOPES.map((scope) => `${family}-${scope}`);
export const PER_MODEL = streamsOf('usage-models');
/** The streams that bring figures for each day. Of models the organization's alone are wanted by default. */
export const PER_DAY = [
  ...['usage', 'agent-usage', 'usage-v1'].flatMap(streamsOf),
  'usage-models-organization',
];
type Range = { from: number; to: number };

/** Settings of the source that the environment has no variables for. Without a lake, which these tests do not look at. */
export async function configure(home: Home, sandbox: Sandbox, more: object): Promise<void> {
  const tabnine = { type: 'tabnine', baseUrl: sandbox.url, token: '${TABNINE_TOKEN}', ...more };
  await writeFile(
    join(home.folder, '..', 'auditlake.yaml'),
    JSON.stringify({ lake: false, sources: { tabnine } }),
  );
}

/** The ids that can be asked about, deactivated users included. */
export function idsOf({ tabnine }: Sandbox, scope: Scope): string[] {
  if (scope === 'organization') return [tabnine.organization.id];
  return (scope === 'team' ? tabnine.teams : tabnine.users).map(({ id }) => id);
}

/** Every figure that the server has for a range, one line each, sorted. */
export function servedFigures(
  sandbox: Sandbox,
  name: DatasetName,
  scope: Scope,
  { from, to }: Range,
): string[] {
  return idsOf(sandbox, scope)
    .flatMap((id) => {
      const question = { dataset: DATASETS[name], scope, id, from, to } as const;
      const buckets = sandbox.tabnine.usage.expected({ ...question, granularity: 'daily' });
      return buckets.flatMap((bucket) => linesOf(bucket, [scope, id, bucket.from, bucket.to]));
    })
    .toSorted();
}

/** Every figure per model that the server has for the days of a range, sorted. */
export function servedModels(sandbox: Sandbox, scope: Scope, { from, to }: Range): string[] {
  const lines: string[] = [];
  for (let day = from; day < to; day += DAY) {
    for (const id of idsOf(sandbox, scope)) {
      const asked = { dataset: 'v2', scope, id, from: day, to: day + DAY } as const;
      for (const bucket of sandbox.tabnine.usage.expected({ ...asked, granularity: 'all' })) {
        const models = linesOf(bucket, [scope, id, second(day), second(day + DAY)]);
        lines.push(...models.filter((line) => line.split(' ')[5] !== '-'));
      }
    }
  }
  return lines.toSorted();
}

/** Every figure of a series in the warehouse, in the same form. */
export async function storedFigures(
  home: Home,
  name: DatasetName,
  scope: Scope,
  granularity: 'daily' | 'all' = 'daily',
): Promise<string[]> {
  const rows = await select(
    home,
    `select concat_ws(' ', scope, scope_id,
       strftime(period_start at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'),
       strftime(period_end at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'),
       coalesce(tool, '-'), coalesce(model, '-'), metric, unit) as line, value
     from usage_metrics
     where dataset = '${name}' and scope = '${scope}' and granularity = '${granularity}'`,
  );
  return rows.map(({ line, value }) => `${String(line)} ${String(value)}`).toSorted();
}

function linesOf(bucket: Bucket, head: readonly string[]): string[] {
  const { from: _from, to: _to, ...figures } = bucket;
  return flatten(figures, [], '-', '-').map((line) => `${head.join(' ')} ${line}`);
}

function flatten(value: unknown, path: readonly string[], tool: string, model: string): string[] {
  if (typeof value === 'number') {
    const unit = unitOf(path.at(-1) ?? '');
    const metric = path
      .join('.')
      .replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
      .toLowerCase();
    return [`${tool} ${model} ${metric} ${unit} ${value}`];
  }
  if (Array.isArray(value)) return value.flatMap((item) => flatten(item, path, tool, model));
  if (typeof value !== 'object' || value === null) return [];
  const { agentType = tool, model: named = model, ...rest } = value as Record<string, unknown>;
  return Object.entries(rest).flatMap(([key, inner]) =>
    flatten(inner, [...path, key], String(agentType), String(named)),
  );
}

const UNITS: [string, string[]][] = [
  ['users', ['activeUsers', 'uniqueUsers']],
  ['chars', ['charsCompleted']],
  ['cost', ['cost', 'totalCost']],
  ['ratio', ['productivityFactor', 'automationFactor', 'chatConsumptionRate']],
  ['lines', ['lines', 'linesAdded', 'linesAddedAccepted', 'linesRemoved', 'linesRemovedAccepted']],
  ['tokens', ['tokensConsumed', 'inputTokens', 'outputTokens']],
  ['tokens', ['totalTokensConsumed', 'totalInputTokens', 'totalOutputTokens']],
];

function unitOf(figure: string): string {
  return UNITS.find(([, figures]) => figures.includes(figure))?.[0] ?? 'count';
}

export function second(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

export function requestsTo(sandbox: Sandbox, path: string | RegExp, since = 0): RequestRecord[] {
  return sandbox.tabnine.requests
    .slice(since)
    .filter((request) =>
      typeof path === 'string' ? request.path === path : path.test(request.path),
    );
}

/** Requests that got an error, as status and path. */
export function refused(sandbox: Sandbox, since = 0): string[] {
  return sandbox.tabnine.requests
    .slice(since)
    .filter(({ status }) => status !== 200)
    .map(({ status, path }) => `${status} ${path}`);
}

/** Syncs single streams. */
export async function syncOnly(
  home: Home,
  streams: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran & { report: Report }> {
  const ran = await home.run(
    ['sync', ...streams.map((stream) => `tabnine/${stream}`), '--json'],
    env,
  );
  return { ...ran, report: JSON.parse(ran.stdout) as Report };
}

/** What two lists of lines do not have in common, shortened; also where one has a line twice. */
export function differences(
  stored: readonly string[],
  served: readonly string[],
): { missing: string[]; extra: string[]; lines: number } {
  const [have, want] = [new Set(stored), new Set(served)];
  const missing = served.filter((line) => !have.has(line)).slice(0, 5);
  const extra = stored.filter((line) => !want.has(line)).slice(0, 5);
  return { missing, extra, lines: stored.length - served.length };
}

export const NONE = { missing: [], extra: [], lines: 0 };
