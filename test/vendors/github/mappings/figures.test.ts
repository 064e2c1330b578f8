import { expect, test } from 'vitest';
import { mapped } from './mapped.ts';

const DAY = '2026-06-12';

const byText = (one: unknown, other: unknown): number =>
  JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;

const seat = (at: string | null) => ({
  assignee: { id: 7, login: 'ann' },
  organization: { id: 5, login: 'acme' },
  assigning_team: null,
  plan_type: 'business',
  last_activity_at: at,
  last_activity_editor: at === null ? null : 'vscode',
});
const context = { day: DAY, scope: 'enterprise', scope_id: 'acme' };

test('a person’s day: totals, by editor, feature, agent and model, and without ids and languages', async () => {
  const record = {
    day: DAY,
    enterprise_id: '13827',
    user_id: 7,
    user_login: 'ann',
    user_initiated_interaction_count: 12,
    ai_credits_used: 1.25,
    used_chat: true,
    ai_adoption_phase: { phase: 'power', phase_number: 3, version: 1 },
    totals_by_ide: [
      {
        ide: 'vscode',
        user_initiated_interaction_count: 12,
        last_known_ide_version: { ide_version: '1.9', sampled_at: 'x' },
      },
    ],
    totals_by_model_feature: [
      { model: 'gpt-5', feature: 'chat', user_initiated_interaction_count: 9 },
    ],
    totals_by_language_feature: [{ language: 'python', feature: 'chat', loc_added_sum: 3 }],
    totals_by_3rd_party_agent: [{ agent_id: 'helper', agent_name: 'Helper', session_count: 2 }],
    totals_by_cli: { session_count: 4, token_usage: { prompt_tokens_sum: 900 } },
  };
  const rows = await mapped('usage_metrics', 'copilot-usage-users', [{ key: `${DAY}/7`, record }], {
    context,
  });
  expect(
    new Set(
      rows.map(({ scope, scope_id, period_start }) =>
        JSON.stringify([scope, scope_id, period_start]),
      ),
    ),
  ).toEqual(new Set(['["user","7","2026-06-12T00:00:00.000Z"]']));
  const figures = rows.map(({ metric, tool, model, value, unit }) => [
    metric,
    tool,
    model,
    value,
    unit,
  ]);
  expect(figures.toSorted(byText)).toEqual([
    ['active', null, null, 1, 'count'],
    ['ai_credits_used', null, null, 1.25, 'credits'],
    ['totals_by_3rd_party_agent.session_count', 'helper', null, 2, 'count'],
    ['totals_by_cli.session_count', 'cli', null, 4, 'count'],
    ['totals_by_cli.token_usage.prompt_tokens_sum', 'cli', null, 900, 'tokens'],
    ['totals_by_ide.user_initiated_interaction_count', 'vscode', null, 12, 'count'],
    ['totals_by_model_feature.user_initiated_interaction_count', 'chat', 'gpt-5', 9, 'count'],
    ['user_initiated_interaction_count', null, null, 12, 'count'],
  ]);
});

test('a bill: the rows of Copilot, in dollars, and what was counted in its own unit', async () => {
  const row = {
    date: `${DAY}T00:00:00Z`,
    quantity: 0.5,
    unitType: 'user-months',
    pricePerUnit: 19,
    netAmount: 9.5,
  };
  const items = [
    { key: '2026-06/a', record: { ...row, product: 'copilot', sku: 'Copilot Business' } },
    { key: '2026-06/b', record: { ...row, product: 'actions', sku: 'Actions Linux' } },
  ];
  const rows = await mapped('usage_metrics', 'billing-usage', items, {
    context: { ...context, day: '', month: '2026-06' },
  });
  const figures = rows.map(({ metric, tool, value, unit }) => [metric, tool, value, unit]);
  expect(figures.toSorted(byText)).toEqual([
    ['net_amount', 'Copilot Business', 9.5, 'USD'],
    ['price_per_unit', 'Copilot Business', 19, 'USD'],
    ['quantity', 'Copilot Business', 0.5, 'user-months'],
  ]);
});

test('credits are of the day that was asked for', async () => {
  const record = {
    product: 'Copilot',
    sku: 'AI Credits',
    model: 'gpt-5',
    unitType: 'credits',
    netQuantity: 50,
    netAmount: 0.5,
  };
  const rows = await mapped('usage_metrics', 'ai-credits', [{ key: `${DAY}/x`, record }], {
    context,
  });
  expect(rows).toMatchObject([
    {
      period_start: '2026-06-12T00:00:00.000Z',
      model: 'gpt-5',
      metric: 'net_amount',
      value: 0.5,
      unit: 'USD',
    },
    { metric: 'net_quantity', value: 50, unit: 'credits' },
  ]);
});

test('a seat is the same when it was used again, and says when that was', async () => {
  const items = [{ key: '7/5/', record: seat('2026-06-12T10:00:00-06:00') }];
  expect(await mapped('usage_metrics', 'copilot-seats', items)).toMatchObject([
    {
      scope: 'user',
      scope_id: '7',
      metric: 'last_activity_at',
      value: Date.parse('2026-06-12T16:00:00Z') / 1000,
    },
  ]);
  const [entity] = await mapped('entity_history', 'copilot-seats', items);
  expect(JSON.stringify(entity)).not.toContain('last_activity');
  const grants = await mapped('access_grants', 'copilot-seats', items);
  expect(grants).toMatchObject([
    { holder_id: '7', role: 'copilot business', scope_type: 'organization', scope_id: '5' },
  ]);
});

test('premium requests are of the month that was asked for, and a repository has its name', async () => {
  const record = { product: 'Copilot', sku: 'Premium Request', model: 'gpt-5', netAmount: 4 };
  const page = { context: { scope: 'enterprise', scope_id: 'acme', month: '2026-05' } };
  const items = [{ key: '2026-05/x', record }];
  expect(await mapped('usage_metrics', 'premium-requests', items, page)).toMatchObject([
    {
      granularity: 'monthly',
      period_start: '2026-05-01T00:00:00.000Z',
      period_end: '2026-06-01T00:00:00.000Z',
      value: 4,
      unit: 'USD',
    },
  ]);
  const repository = { key: `${DAY}/acme%2Fr`, record: { repository: 'acme/r', merged: 2 } };
  expect(
    await mapped('usage_metrics', 'copilot-usage-repos', [repository], { context }),
  ).toMatchObject([{ scope: 'project', scope_id: 'acme/r', metric: 'merged', value: 2 }]);
});
