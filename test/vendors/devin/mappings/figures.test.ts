import { beforeAll, describe, expect, test } from 'vitest';
import { DEVIN, type Row, TestArchive, rowsOf } from '../../../load/archive.ts';
import { mapped, mappedEach } from './mapped.ts';

const SEEN = '2026-11-22T02:15:00.000Z';

const consumed = (
  scope: string,
  scopeId: string,
): { at: string; context: Record<string, string> } => ({
  at: SEEN,
  context: { scope, scope_id: scopeId, granularity: 'daily' },
});

const COMMON = {
  source: 'agents',
  vendor: 'devin',
  granularity: 'daily',
  model: null,
  observed_at: SEEN,
  seq: 1,
  n: 2,
  latest: true,
};

describe('consumption of a day', () => {
  const cases: [string, number, string, string][] = [
    // 08:00Z in winter and in summer alike.
    ['January', 1768464000, '2026-01-15T08:00:00.000Z', '2026-01-16T08:00:00.000Z'],
    ['July', 1784102400, '2026-07-15T08:00:00.000Z', '2026-07-16T08:00:00.000Z'],
    [
      'the day on which the clocks change',
      1772956800,
      '2026-03-08T08:00:00.000Z',
      '2026-03-09T08:00:00.000Z',
    ],
    ['a day from midnight', 1784073600, '2026-07-15T00:00:00.000Z', '2026-07-16T00:00:00.000Z'],
  ];
  let rows: Row[][];
  beforeAll(async () => {
    const products = { devin: 3.5, cascade: 0, review: null };
    rows = await mappedEach(
      'internal.figures order by tool nulls first',
      cases.map(([, date, from]) => ({
        stream: 'consumption-organization',
        items: [
          { key: `org-emea/${from}`, record: { date, acus: 3.75, acus_by_product: products } },
        ],
        page: consumed('organization', 'org-emea'),
      })),
    );
  });

  test.each(cases.map((one, n) => [...one, n] as const))('%s', (_, _date, from, to, n) => {
    const about = {
      ...COMMON,
      organization_id: 'org-emea',
      stream: 'consumption-organization',
      record_key: `org-emea/${from}`,
      dataset: 'consumption',
      scope: 'organization',
      scope_id: 'org-emea',
      period_start: from,
      period_end: to,
      metric: 'acus',
      unit: 'ACU',
    };
    expect(rows[n]).toEqual([
      { ...about, tool: null, value: 3.75 },
      { ...about, tool: 'cascade', value: 0 },
      { ...about, tool: 'devin', value: 3.5 },
    ]);
  });
});

describe('consumption with', () => {
  const cases: [string, object, [string | null, number][]][] = [
    ['no products', { date: 1784102400, acus: 0 }, [[null, 0]]],
    ['null products', { date: 1784102400, acus: 1, acus_by_product: null }, [[null, 1]]],
    [
      'null in all',
      { date: 1784102400, acus: null, acus_by_product: { new_one: 2 } },
      [['new_one', 2]],
    ],
    [
      'numbers as texts',
      { date: '1784102400', acus: '1', acus_by_product: { a: '2.50' } },
      [
        [null, 1],
        ['a', 2.5],
      ],
    ],
    ['words', { date: 1784102400, acus: 'one', acus_by_product: ['x'] }, []],
  ];
  let rows: Row[][];
  beforeAll(async () => {
    rows = await mappedEach(
      'internal.figures',
      cases.map(([, record]) => ({
        stream: 'consumption-user',
        items: [{ key: 'u/x', record }],
        page: consumed('user', 'email|ann'),
      })),
    );
  });

  test.each(cases.map((one, n) => [...one, n] as const))('%s', (_, _record, expected, n) => {
    expect(rows[n]?.map(({ tool, value }) => [tool, value])).toEqual(expected);
    for (const row of rows[n] ?? []) {
      expect(row).toMatchObject({ scope: 'user', scope_id: 'email|ann', organization_id: null });
    }
  });
});

test('a day without a time is kept without a period', async () => {
  const rows = await mapped(
    'internal.figures',
    'consumption-enterprise',
    [{ key: 'e/x', record: { date: 5, acus: 1 } }],
    consumed('enterprise', 'e'),
  );
  expect(rows).toMatchObject([{ period_start: null, period_end: null, value: 1 }]);
});

const day = (acus: number, products: object): object => ({
  date: 1784102400,
  acus,
  acus_by_product: products,
});

// Of an organization the figure is its own, of the enterprise nobody's: the account of the batch is another.
test.each([
  ['enterprise', 'e'],
  ['organization', 'org-emea'],
])(
  'a restated day of %s: the newest value counts, a product that went is gone',
  async (scope, id) => {
    const archive = await TestArchive.make();
    archive.account = DEVIN;
    const page = consumed(scope, id);
    const key = `${id}/2026-07-15T08:00:00Z`;
    const stream = `consumption-${scope}`;
    await archive.add(stream, [{ key, record: day(1, { devin: 0.5, review: 0.5 }) }], page);
    await archive.add(stream, [{ key, record: day(2, { devin: 2, review: null }) }], page);
    const { path } = await archive.load({ singly: true });
    const now = 'select tool, value from usage_metrics order by tool nulls first';
    expect(await rowsOf(path, now)).toEqual([
      { tool: null, value: 2 },
      { tool: 'devin', value: 2 },
    ]);
    const { path: again } = await archive.load({ fresh: true });
    expect(await rowsOf(again, now)).toHaveLength(2);
    expect(await rowsOf(again, 'from usage_metrics_history')).toHaveLength(5);
  },
);

const asked = (more: object = {}): { at: string; context: Record<string, string> } => ({
  at: SEEN,
  context: { scope: 'enterprise', scope_id: 'e', granularity: 'daily', ...more },
});
const DAY = { from: '2026-07-15T00:00:00Z', to: '2026-07-16T00:00:00Z' };
const JULY_15 = {
  period_start: '2026-07-15T00:00:00.000Z',
  period_end: '2026-07-16T00:00:00.000Z',
};

describe('dated by itself', () => {
  const cases: [string, string, number, number, typeof JULY_15][] = [
    ['dau', 'daily', 1784073600, 1784160000, JULY_15],
    ['dau', 'daily', 1784073600, 1784159999, JULY_15],
    // Monday to Sunday.
    [
      'wau',
      'weekly',
      1783900800,
      1784505599,
      { period_start: '2026-07-13T00:00:00.000Z', period_end: '2026-07-20T00:00:00.000Z' },
    ],
    [
      'mau',
      'monthly',
      1782864000,
      1785542400,
      { period_start: '2026-07-01T00:00:00.000Z', period_end: '2026-08-01T00:00:00.000Z' },
    ],
  ];
  let rows: Row[][];
  beforeAll(async () => {
    rows = await mappedEach(
      'internal.figures',
      cases.map(([what, granularity, start, end]) => ({
        stream: `metrics-${what}`,
        items: [{ key: 'e/x', record: { start_time: start, end_time: end, active_users: 7 } }],
        page: asked({ granularity }),
      })),
    );
  });

  test.each(cases.map((one, n) => [...one, n] as const))(
    '%s: %s',
    (what, granularity, _start, _end, period, n) => {
      expect(rows[n]).toEqual([
        {
          ...COMMON,
          organization_id: null,
          stream: `metrics-${what}`,
          record_key: 'e/x',
          dataset: 'metrics',
          scope: 'enterprise',
          scope_id: 'e',
          ...period,
          granularity,
          tool: null,
          metric: `${what}.active_users`,
          value: 7,
          unit: 'users',
        },
      ]);
    },
  );
});

describe('dated by what was asked', () => {
  const cases: [string, object, [string, number, string][]][] = [
    [
      'metrics-active-users',
      { start_time: 5, end_time: 6, active_users: 0 },
      [['active_users.active_users', 0, 'users']],
    ],
    [
      'metrics-sessions',
      {
        sessions_created_count: 3,
        sessions_created_by_size: { xs: 2, m: 1, l: null },
        sessions_created_by_origin: { slack: 3 },
        avg_acus_per_session: 1.5,
        new_count: 4,
      },
      [
        ['sessions.avg_acus_per_session', 1.5, 'ratio'],
        ['sessions.new_count', 4, 'count'],
        ['sessions.sessions_created_by_origin.slack', 3, 'count'],
        ['sessions.sessions_created_by_size.m', 1, 'count'],
        ['sessions.sessions_created_by_size.xs', 2, 'count'],
        ['sessions.sessions_created_count', 3, 'count'],
      ],
    ],
    [
      'metrics-prs',
      { prs_created_count: 5, prs_opened_count: 2 },
      [
        ['prs.prs_created_count', 5, 'count'],
        ['prs.prs_opened_count', 2, 'count'],
      ],
    ],
    [
      'metrics-searches',
      { searches_created_count: 9 },
      [['searches.searches_created_count', 9, 'count']],
    ],
    ['metrics-usage', { sessions_count: 3 }, [['usage.sessions_count', 3, 'count']]],
  ];
  let rows: Row[][];
  beforeAll(async () => {
    rows = await mappedEach(
      'internal.figures order by metric',
      cases.map(([stream, record]) => ({
        stream,
        items: [{ key: 'e/x', record }],
        page: asked(DAY),
      })),
    );
  });

  test.each(cases.map((one, n) => [...one, n] as const))('%s', (_, _record, expected, n) => {
    expect(rows[n]?.map(({ metric, value, unit }) => [metric, value, unit])).toEqual(expected);
    for (const row of rows[n] ?? [])
      expect(row).toMatchObject({ ...JULY_15, granularity: 'daily' });
  });
});

test('metrics of one organization belong to it', async () => {
  const page = asked({ ...DAY, scope: 'organization', scope_id: 'org-emea' });
  const item = { key: 'org-emea/x', record: { sessions_count: 1 } };
  expect(await mapped('internal.figures', 'metrics-usage', [item], page)).toMatchObject([
    { organization_id: 'org-emea', scope: 'organization', scope_id: 'org-emea' },
  ]);
});
