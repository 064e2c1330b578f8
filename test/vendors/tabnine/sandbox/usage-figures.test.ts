import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import type { Dataset } from '../../../../src/vendors/tabnine/sandbox/usage/parts.ts';
import type { Scope } from '../../../../src/vendors/tabnine/sandbox/usage/usage.ts';
import { type Figures, bucketsOf } from './usage-client.ts';

const DAY = 86_400_000;
const FROZEN_AT = Date.parse('2026-05-01T00:00:00Z');
const BEFORE = { from: '2026-04-20T00:00:00Z', to: '2026-04-27T00:00:00Z' };
const AFTER = { from: '2026-05-04T00:00:00Z', to: '2026-05-11T00:00:00Z' };
const DATASETS = ['v1', 'v2', 'agent'] as const;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({
    events: 10,
    users: 40,
    teams: 3,
    days: 60,
    until: Date.parse('2026-06-15T12:00:00Z'),
    now: () => Date.parse('2026-06-15T12:00:00Z'),
    frozenAt: FROZEN_AT,
  });
});
afterAll(() => sandbox.close());

const rangeOf = (dataset: Dataset): typeof BEFORE => (dataset === 'v1' ? BEFORE : AFTER);

async function daily(dataset: Dataset, scope: Scope, id?: string): Promise<Figures[]> {
  return bucketsOf(sandbox, dataset, scope, { ...rangeOf(dataset), granularity: 'daily' }, id);
}

describe('figures', () => {
  test.each(DATASETS)('%s: teams and organization are the sums of users', async (dataset) => {
    const { users, teams } = sandbox.tabnine;
    const ofUsers = new Map<string, Figures[]>();
    for (const { id } of users) ofUsers.set(id, await daily(dataset, 'user', id));
    const sums = (ids: string[], day: number): number[] =>
      ids
        .map((id) => additive(ofUsers.get(id)?.[day]))
        .reduce((all, one) => all.map((figure, place) => figure + (one[place] ?? 0)));
    for (const [day, bucket] of (await daily(dataset, 'organization')).entries()) {
      expect(additive(bucket)).toEqual(sums([...ofUsers.keys()], day));
    }
    for (const team of teams) {
      const ids = users.filter((user) => user.team?.id === team.id).map(({ id }) => id);
      for (const [day, bucket] of (await daily(dataset, 'team', team.id)).entries()) {
        expect(additive(bucket)).toEqual(sums(ids, day));
      }
    }
  });

  test.each(DATASETS)('%s: activeUsers are distinct over the range', async (dataset) => {
    const query = { ...rangeOf(dataset), granularity: 'all' } as const;
    const [all] = await bucketsOf(sandbox, dataset, 'organization', query);
    const days = await daily(dataset, 'organization');
    const active = days.map(({ activeUsers }) => activeUsers);
    expect(all?.activeUsers).toBeGreaterThanOrEqual(Math.max(...active));
    expect(all?.activeUsers).toBeLessThan(active.reduce((sum, count) => sum + count));
    expect(additiveParts(all)).toEqual(
      days.map(additiveParts).reduce((sum, day) => sum.map((one, at) => one + (day[at] ?? 0))),
    );
  });

  test('models are shown by v2 only for all, and by names only by agent usage', async () => {
    const query = { ...AFTER, granularity: 'all' } as const;
    const [all] = await bucketsOf(sandbox, 'v2', 'organization', query);
    const models = all?.chat?.models ?? [];
    expect(models.length).toBeGreaterThan(1);
    expect(models.every(({ model }) => /^[\da-f-]{36}$/.test(model))).toBe(true);
    expect(models.reduce((sum, { messages }) => sum + (messages ?? 0), 0)).toBe(
      all?.chat?.messages,
    );
    expect(models.reduce((sum, row) => sum + (row.uniqueUsers ?? 0), 0)).toBeGreaterThan(
      all?.chat?.activeUsers ?? 0,
    );
    expect(JSON.stringify(await daily('v2', 'organization'))).not.toContain('models');
    const [point] = await bucketsOf(sandbox, 'agent', 'organization', query);
    expect(point?.modelBreakdown?.map(({ model }) => model)).toContain('claude-sonnet-4');
    expect(point?.agentTypeBreakdown?.map(({ agentType }) => agentType)).toEqual(['cli', 'ide']);
    const tokens = point?.agentTypeBreakdown?.map(({ tokensConsumed }) => tokensConsumed) ?? [];
    expect(tokens.reduce((sum, count) => sum + count)).toBe(point?.totalTokensConsumed);
    expect(Number.isInteger(point?.totalCost)).toBe(false);
  });

  test('tools are listed by v2 for single users only', async () => {
    const active = (await daily('v2', 'user')).filter(({ activeUsers }) => activeUsers > 0);
    expect(active[0]).toMatchObject({ ides: expect.any(String), languages: expect.any(String) });
    expect(JSON.stringify(await daily('v2', 'team'))).not.toContain('ides');
    expect(JSON.stringify(await daily('v1', 'user'))).not.toContain('ides');
  });

  test('about three of ten days are idle', () => {
    const { usage, users } = sandbox.tabnine;
    const present = users.filter(({ deactivatedAt }) => deactivatedAt === null);
    const days = present.flatMap(({ id }) =>
      usage.expected({
        dataset: 'v2',
        scope: 'user',
        id,
        granularity: 'daily',
        from: FROZEN_AT,
        to: FROZEN_AT + 30 * DAY,
      }),
    );
    const idle = days.filter(({ activeUsers }) => activeUsers === 0).length;
    expect(idle / days.length).toBeGreaterThan(0.25);
    expect(idle / days.length).toBeLessThan(0.35);
  });
});

/** What may be summed over users: everything but ratios. Costs in millionths, since fractions do not add up exactly. */
function additive(figures: Figures | undefined): number[] {
  return numbersIn(figures, /Factor$|Rate$|^models$|odelBreakdown$|^agentTypeBreakdown$/);
}

/** What may be summed over days as well: no counts of different users. */
function additiveParts(figures: Figures | undefined): number[] {
  return numbersIn(
    figures,
    /Factor$|Rate$|^models$|odelBreakdown$|^agentTypeBreakdown$|^activeUsers$/,
  );
}

function numbersIn(value: unknown, except: RegExp): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (except.test(name)) return [];
    const numbers = numbersIn(inner, except);
    return name === 'totalCost' ? numbers.map((cost) => Math.round(cost * 1e6)) : numbers;
  });
}
