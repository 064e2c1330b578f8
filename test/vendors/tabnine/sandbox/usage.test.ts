import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import type { Dataset } from '../../../../src/vendors/tabnine/sandbox/usage/parts.ts';
import { getJson } from './client.ts';
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
