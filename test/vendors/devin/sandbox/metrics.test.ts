import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Metric } from '../../../../src/vendors/devin/sandbox/metrics/metrics.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { ENTERPRISE, ask, firstOf, read } from './client.ts';

const NOW = Date.UTC(2026, 6, 20, 12);
const FROM = Date.UTC(2026, 2, 4, 5) / 1000;
const TO = Date.UTC(2026, 5, 10) / 1000;
const WINDOW = { time_after: FROM, time_before: TO };
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 10, now: () => NOW, devin: { events: 10 } });
});
afterEach(() => sandbox.close());

type Period = { start_time: number; end_time: number; active_users: number };

const metric = <Body>(name: string, query = {}): Promise<Body> =>
  read<Body>(sandbox, `${ENTERPRISE}/metrics/${name}`, { ...WINDOW, ...query });
const weekly = async (query: object): Promise<number> =>
  firstOf(await metric<Period[]>('wau', query)).active_users;
const total = (by: Record<string, number>): number =>
  Object.values(by).reduce((sum, count) => sum + count, 0);
const at = (time: number): string => new Date(time * 1000).toISOString().slice(0, 19);

describe('periods are whole, in UTC, ascending and bare', () => {
  test.each([
    ['dau', 98, '2026-03-04T00:00:00', '2026-03-04T23:59:59'],
    ['wau', 15, '2026-03-02T00:00:00', '2026-03-08T23:59:59'],
    ['mau', 4, '2026-03-01T00:00:00', '2026-03-31T23:59:59'],
  ])('%s', async (name, count, start, end) => {
    const periods = await metric<Period[]>(name);
    const [first] = periods;
    expect(periods).toHaveLength(count);
    expect([at(first?.start_time ?? 0), at(first?.end_time ?? 0)]).toEqual([start, end]);
    for (const [place, { end_time }] of periods.slice(0, -1).entries()) {
      expect(periods[place + 1]?.start_time).toBe(end_time + 1);
    }
  });
});

test('who is active in a day is so in its month', async () => {
  const days = await metric<Period[]>('dau');
  const [month] = await metric<Period[]>('mau');
  const most = Math.max(...days.slice(0, 20).map(({ active_users }) => active_users));
  expect(month?.active_users).toBeGreaterThanOrEqual(most);
  expect(month?.active_users).toBeLessThanOrEqual(20);
});

test('active is who has enough sessions or enough searches', async () => {
  const many = { min_sessions: 8, min_searches: 1_000 };
  expect(await weekly(many)).toBeLessThan(await weekly({}));
  expect(await weekly({ ...many, min_sessions: 0 })).toBe(20);
});

describe('expected is what is served', () => {
  const names: Metric[] = [
    'dau',
    'wau',
    'mau',
    'active-users',
    'sessions',
    'prs',
    'searches',
    'usage',
  ];
  test.each(names)('%s', async (name) => {
    const expected = sandbox.devin.metrics.expected(name, { from: FROM, to: TO });
    expect(await metric(name)).toEqual(expected);
  });

  test('by organizations and people', async () => {
    const { organizations, actors, metrics } = sandbox.devin;
    const orgIds = organizations.slice(0, 2).map(({ org_id }) => org_id);
    const userIds = actors.slice(0, 3).map(({ id }) => id);
    const window = { from: FROM, to: TO };
    expect(await metric('searches', { org_ids: orgIds })).toEqual(
      metrics.expected('searches', { ...window, orgIds }),
    );
    expect(await metric('sessions', { user_ids: userIds })).toEqual(
      metrics.expected('sessions', { ...window, userIds }),
    );
  });
});

test('sessions are counted once by size, and not all by origin', async () => {
  type Counts = {
    sessions_created_count: number;
    sessions_created_by_size: Record<string, number>;
    sessions_created_by_origin: Record<string, number>;
  };
  const counts = await metric<Counts>('sessions');
  expect(total(counts.sessions_created_by_size)).toBe(counts.sessions_created_count);
  expect(total(counts.sessions_created_by_origin)).toBeLessThan(counts.sessions_created_count);
});

test('the usage of organizations adds up', async () => {
  type Usage = { sessions_count: number; searches_count: number };
  const { devin } = sandbox;
  let sessions = 0;
  for (const { org_id } of devin.organizations) {
    const path = `${ENTERPRISE}/organizations/${org_id}/metrics/usage`;
    sessions += (await read<Usage>(sandbox, path, WINDOW)).sessions_count;
  }
  expect(sessions).toBe((await metric<Usage>('usage')).sessions_count);
});

test('bounds are required, except for usage', async () => {
  const { status, body } = await ask(sandbox, `${ENTERPRISE}/metrics/dau`, { time_after: FROM });
  expect(status).toBe(422);
  expect(body).toEqual({
    detail: [{ loc: ['query', 'time_before'], msg: 'Field required', type: 'missing' }],
  });
  expect((await ask(sandbox, `${ENTERPRISE}/metrics/usage`)).status).toBe(200);
});

test('nothing happened before the history and after the present', async () => {
  const past = { time_after: 0, time_before: 86_400 };
  const future = { time_after: NOW / 1000 + 172_800, time_before: NOW / 1000 + 259_200 };
  for (const query of [past, future]) {
    expect(await metric('searches', query)).toEqual({ searches_created_count: 0 });
  }
});
