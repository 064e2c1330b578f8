import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { Dataset } from '../../src/sandbox/tabnine/usage/parts.ts';
import type { Scope } from '../../src/sandbox/tabnine/usage/usage.ts';
import { get, getJson } from './client.ts';
import {
  type Body,
  type Figures,
  PATHS,
  asked,
  bucketsOf,
  idOf,
  subjectOf,
} from './usage-client.ts';

const DAY = 86_400_000;
const FROZEN_AT = Date.parse('2026-05-01T00:00:00Z');
const BEFORE = { from: '2026-04-20T00:00:00Z', to: '2026-04-27T00:00:00Z' };
const AFTER = { from: '2026-05-04T00:00:00Z', to: '2026-05-11T00:00:00Z' };
const DATASETS = ['v1', 'v2', 'agent'] as const;
const SCOPES = ['organization', 'team', 'user'] as const;
const CASES = DATASETS.flatMap((dataset) => SCOPES.map((scope) => ({ dataset, scope })));
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

describe('every series and scope', () => {
  test.each(CASES)('$dataset of the $scope', async ({ dataset, scope }) => {
    const query = { ...rangeOf(dataset), granularity: 'daily' } as const;
    const body = await getJson<Body>(
      sandbox,
      PATHS[dataset][scope],
      asked(sandbox, scope, { ...query }),
    );
    const data = sandbox.tabnine.usage.expected({
      ...query,
      dataset,
      scope,
      id: idOf(sandbox, scope),
    });
    expect(body).toEqual({
      organizationId: sandbox.tabnine.organization.id,
      ...subjectOf(sandbox, scope),
      ...rangeOf(dataset),
      usage: { granularity: 'daily', data },
    });
    expect(data).toHaveLength(7);
    expect(data.some(({ activeUsers }) => Number(activeUsers) > 0)).toBe(true);
  });
});

describe('buckets', () => {
  test.each([
    [
      'daily',
      '2026-04-30T06:00:00Z',
      '2026-05-01T18:00:00Z',
      ['2026-04-30', '2026-05-01', '2026-05-02'],
    ],
    ['daily', '2026-05-01T00:00:00Z', '2026-05-02T00:00:00Z', ['2026-05-01', '2026-05-02']],
    [
      'weekly',
      '2026-05-06T00:00:00Z',
      '2026-05-12T00:00:00Z',
      ['2026-05-04', '2026-05-11', '2026-05-18'],
    ],
    [
      'monthly',
      '2025-12-31T00:00:00Z',
      '2026-01-01T00:00:01Z',
      ['2025-12-01', '2026-01-01', '2026-02-01'],
    ],
  ] as const)('%s from %s to %s', async (granularity, from, to, bounds) => {
    const buckets = await bucketsOf(sandbox, 'v2', 'organization', { from, to, granularity });
    const expected = bounds.slice(1).map((end, place) => ({
      from: `${bounds[place]}T00:00:00Z`,
      to: `${end}T00:00:00Z`,
    }));
    expect(buckets).toMatchObject(expected);
    expect(buckets).toHaveLength(expected.length);
  });

  test('all is one bucket, dated as the quirk says', async () => {
    const query = { ...AFTER, granularity: 'all' } as const;
    const read = (): Promise<Figures[]> => bucketsOf(sandbox, 'v2', 'organization', query);
    expect(await read()).toMatchObject([{ from: AFTER.to, to: AFTER.to }]);
    sandbox.tabnine.quirks.allBucketBounds = 'range';
    expect(await read()).toMatchObject([AFTER]);
    sandbox.tabnine.quirks.allBucketBounds = 'end';
  });

  test.each([
    ['v1', -1, true],
    ['v1', 0, false],
    ['v2', -1, false],
    ['v2', 0, true],
    ['agent', -1, false],
    ['agent', 0, true],
    ['v2', 45, true],
    ['v2', 46, false],
  ] as const)('%s %i days after the freeze: %s', async (dataset, days, active) => {
    const from = new Date(FROZEN_AT + days * DAY).toISOString().replace('.000', '');
    const to = new Date(FROZEN_AT + (days + 1) * DAY).toISOString().replace('.000', '');
    const read = (): Promise<Figures[]> =>
      bucketsOf(sandbox, dataset, 'organization', { from, to, granularity: 'daily' });
    const [bucket] = await read();
    expect(Number(bucket?.activeUsers) > 0).toBe(active);
    sandbox.tabnine.quirks.emptyBuckets = 'omitted';
    expect(await read()).toHaveLength(active ? 1 : 0);
    sandbox.tabnine.quirks.emptyBuckets = 'zero';
  });
});

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
      expect(additive(bucket)).toEqual(
        sums(
          users.map(({ id }) => id),
          day,
        ),
      );
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
        ...{ dataset: 'v2', scope: 'user', id, granularity: 'daily' },
        ...{ from: FROZEN_AT, to: FROZEN_AT + 30 * DAY },
      }),
    );
    const idle = days.filter(({ activeUsers }) => activeUsers === 0).length;
    expect(idle / days.length).toBeGreaterThan(0.25);
    expect(idle / days.length).toBeLessThan(0.35);
  });
});

test('the answers to a user that nobody knows', async () => {
  const query = { ...asked(sandbox, 'user', { ...AFTER, granularity: 'all' }), userId: 'nobody' };
  expect((await get(sandbox, PATHS.v2.user, query)).status).toBe(404);
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
