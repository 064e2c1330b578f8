import { expect, test } from 'vitest';
import { type Row, TABNINE, TestArchive, rowsOf } from '../../../load/archive.ts';

const SEEN = '2026-11-22T02:15:00.000Z';

type Asked = { stream: string; key: string; context?: Record<string, string> };

const DAILY: Asked = {
  stream: 'usage-team',
  key: 't1/2026-11-01T00:00:00Z',
  context: { scope: 'team', scope_id: 't1', granularity: 'daily' },
};

const ALL: Asked = {
  stream: 'usage-models-organization',
  key: 'org-1/2026-11-01T00:00:00Z',
  context: {
    scope: 'organization',
    scope_id: 'org-1',
    granularity: 'all',
    from: '2026-11-01T00:00:00Z',
    to: '2026-11-02T00:00:00Z',
  },
};

const AGENT: Asked = { ...DAILY, stream: 'agent-usage-team' };

const NOVEMBER_1 = {
  period_start: '2026-11-01T00:00:00.000Z',
  period_end: '2026-11-02T00:00:00.000Z',
};

async function mapped({ stream, key, context }: Asked, record: unknown): Promise<Row[]> {
  const archive = await TestArchive.make();
  await archive.add(stream, [{ key, record }], { at: SEEN, ...(context && { context }) });
  const { path } = await archive.load();
  return rowsOf(path, 'select * from internal.figures order by metric, tool, model');
}

/** The same for several records, each of an account of its own: to load takes longer than to map. */
async function mappedEach(
  { stream, key, context }: Asked,
  records: readonly unknown[],
): Promise<Row[][]> {
  const archive = await TestArchive.make();
  for (const [i, record] of records.entries()) {
    archive.account = { ...TABNINE, source: `acme-${i}` };
    await archive.add(stream, [{ key, record }], { at: SEEN, ...(context && { context }) });
  }
  const { path } = await archive.load();
  const rows = await rowsOf(path, 'select * from internal.figures order by metric, tool, model');
  return records.map((_, i) =>
    rows
      .filter(({ source }) => source === `acme-${i}`)
      .map((row) => ({ ...row, source: TABNINE.source, seq: 1 })),
  );
}

/** What tells the figures of one record apart: tool, model, metric, value, unit. */
async function figures(asked: Asked, record: unknown): Promise<unknown[][]> {
  const rows = await mapped(asked, record);
  return rows.map(({ tool, model, metric, value, unit }) => [tool, model, metric, value, unit]);
}

const day = (more: object): object => ({
  from: '2026-11-01T00:00:00Z',
  to: '2026-11-02T00:00:00Z',
  ...more,
});

test('a day of usage v2, column by column', async () => {
  const rows = await mapped(DAILY, day({ activeUsers: 3, ides: 'vscode', languages: null }));
  expect(rows).toEqual([
    {
      source: 'acme',
      vendor: 'tabnine',
      organization_id: 'org-1',
      stream: 'usage-team',
      record_key: 't1/2026-11-01T00:00:00Z',
      dataset: 'usage-v2',
      scope: 'team',
      scope_id: 't1',
      ...NOVEMBER_1,
      granularity: 'daily',
      tool: null,
      model: null,
      metric: 'active_users',
      value: 3,
      unit: 'users',
      observed_at: SEEN,
      seq: 1,
      n: 2,
      latest: true,
    },
  ]);
});

test('every figure of a day of usage v2, with its unit', async () => {
  const record = day({
    activeUsers: 4,
    codeCompletions: {
      activeUsers: 2,
      completions: 10,
      charsCompleted: 400,
      keystrokes: 90,
      lines: 12,
    },
    chat: { activeUsers: 0, messages: 0, linesAdded: null },
    agent: {
      activeUsers: 1,
      messages: 5,
      linesAdded: 20,
      linesAddedAccepted: 15,
      linesRemoved: 3,
      linesRemovedAccepted: 2,
    },
    ides: 'vscode,jetbrains',
  });
  expect(await figures(DAILY, record)).toEqual([
    [null, null, 'active_users', 4, 'users'],
    [null, null, 'agent.active_users', 1, 'users'],
    [null, null, 'agent.lines_added', 20, 'lines'],
    [null, null, 'agent.lines_added_accepted', 15, 'lines'],
    [null, null, 'agent.lines_removed', 3, 'lines'],
    [null, null, 'agent.lines_removed_accepted', 2, 'lines'],
    [null, null, 'agent.messages', 5, 'count'],
    [null, null, 'chat.active_users', 0, 'users'],
    [null, null, 'chat.messages', 0, 'count'],
    [null, null, 'code_completions.active_users', 2, 'users'],
    [null, null, 'code_completions.chars_completed', 400, 'chars'],
    [null, null, 'code_completions.completions', 10, 'count'],
    [null, null, 'code_completions.keystrokes', 90, 'count'],
    [null, null, 'code_completions.lines', 12, 'lines'],
  ]);
});

test('models of one UTC day: dated by what was asked, and nothing but models', async () => {
  const record = {
    // As the vendor serves it: the end of the range twice.
    from: '2026-11-02T00:00:00Z',
    to: '2026-11-02T00:00:00Z',
    activeUsers: 9,
    chat: {
      activeUsers: 9,
      messages: 30,
      models: [
        { model: 'uuid-a', messages: 10, uniqueUsers: 4, inputTokens: 1000, outputTokens: 200 },
        { model: 'uuid-b', messages: 0, uniqueUsers: null },
      ],
    },
    agent: { messages: 2, models: [] },
  };
  const rows = await mapped(ALL, record);
  expect(rows.map(({ model, metric, value, unit }) => [model, metric, value, unit])).toEqual([
    ['uuid-a', 'chat.models.input_tokens', 1000, 'tokens'],
    ['uuid-a', 'chat.models.messages', 10, 'count'],
    ['uuid-b', 'chat.models.messages', 0, 'count'],
    ['uuid-a', 'chat.models.output_tokens', 200, 'tokens'],
    ['uuid-a', 'chat.models.unique_users', 4, 'users'],
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({
      ...NOVEMBER_1,
      granularity: 'all',
      dataset: 'usage-v2',
      scope: 'organization',
    });
  }
});

test('agent usage by model, by tool, and by both', async () => {
  const record = day({
    activeUsers: 2,
    totalTokensConsumed: 300,
    totalCost: 1.25,
    modelBreakdown: [{ model: 'claude', tokensConsumed: 300, cost: 1.25 }],
    agentTypeBreakdown: [
      {
        agentType: 'cli',
        interactions: 7,
        linesAdded: 5,
        userInitiatedMessages: 3,
        modelBreakdown: [{ model: 'claude', cost: 1.25, inputTokens: 100 }],
      },
      { agentType: 'IDE', interactions: 0, modelBreakdown: null },
    ],
  });
  expect(await figures(AGENT, record)).toEqual([
    [null, null, 'active_users', 2, 'users'],
    ['IDE', null, 'agent_type_breakdown.interactions', 0, 'count'],
    ['cli', null, 'agent_type_breakdown.interactions', 7, 'count'],
    ['cli', null, 'agent_type_breakdown.lines_added', 5, 'lines'],
    ['cli', 'claude', 'agent_type_breakdown.model_breakdown.cost', 1.25, 'cost'],
    ['cli', 'claude', 'agent_type_breakdown.model_breakdown.input_tokens', 100, 'tokens'],
    ['cli', null, 'agent_type_breakdown.user_initiated_messages', 3, 'count'],
    [null, 'claude', 'model_breakdown.cost', 1.25, 'cost'],
    [null, 'claude', 'model_breakdown.tokens_consumed', 300, 'tokens'],
    [null, null, 'total_cost', 1.25, 'cost'],
    [null, null, 'total_tokens_consumed', 300, 'tokens'],
  ]);
});

test('usage v1 is a data set of its own, with ratios', async () => {
  const asked = { ...DAILY, stream: 'usage-v1-team' };
  const record = day({
    activeUsers: 1,
    productivityFactor: 0.25,
    codeCompletions: { automationFactor: 0.5 },
    chat: { chatConsumptionRate: 0.75, usefulChatInteractions: 2 },
    instruct: { acceptedCount: 6 },
  });
  const rows = await mapped(asked, record);
  expect(new Set(rows.map((row) => row['dataset']))).toEqual(new Set(['usage-v1']));
  expect(rows.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
    ['active_users', 1, 'users'],
    ['chat.chat_consumption_rate', 0.75, 'ratio'],
    ['chat.useful_chat_interactions', 2, 'count'],
    ['code_completions.automation_factor', 0.5, 'ratio'],
    ['instruct.accepted_count', 6, 'count'],
    ['productivity_factor', 0.25, 'ratio'],
  ]);
});

test('what a list names twice is added, whatever the order', async () => {
  const costs = [0.1, 0.2, 0.3, 1e16, -1e16];
  const lists = [costs, costs.toReversed()].map((values) =>
    values.map((cost) => ({ model: 'm', cost })),
  );
  const counts = [
    { model: 'm', x: 2 },
    { model: 'm', x: 3 },
  ];
  const [[one] = [], other, added] = await mappedEach(
    AGENT,
    [...lists, counts].map((modelBreakdown) => day({ modelBreakdown })),
  );
  expect(one).toMatchObject({ tool: null, model: 'm', metric: 'model_breakdown.cost' });
  expect(other).toEqual([one]);
  expect(added).toMatchObject([
    { tool: null, model: 'm', metric: 'model_breakdown.x', value: 5, unit: 'count' },
  ]);
});

test('names nobody has seen, values that are no figures, and huge numbers', async () => {
  const raw = `{"from":"2026-11-01T00:00:00Z","to":"2026-11-02T00:00:00Z",
    "newThing":{"deepFigure":1,"a.b":2,"two words":3,"q\\"uote":4,"x[0]":5,"":{"y":6}},
    "lists":[[{"model":7,"z":8}],9,null,"10"],"totalAPICalls":11,
    "huge":12345678901234567000000,"endless":1e400,"negative":-0.5,
    "activeUsers":"12","chat":[],"agent":null,"codeCompletions":"none","yes":true,"größe":13}`;
  const rows = await figures(DAILY, raw);
  expect(rows.map(([, model, metric, value]) => [model, metric, value])).toEqual([
    [null, 'active_users', 12],
    [null, 'größe', 13],
    [null, 'huge', Number('12345678901234567000000')],
    [null, 'lists', 9],
    ['7', 'lists.z', 8],
    [null, 'negative', -0.5],
    [null, 'new_thing..y', 6],
    [null, 'new_thing.a.b', 2],
    [null, 'new_thing.deep_figure', 1],
    [null, 'new_thing.q"uote', 4],
    [null, 'new_thing.two_words', 3],
    [null, 'new_thing.x[0]', 5],
    [null, 'total_api_calls', 11],
  ]);
});

test('a day with an odd end, or an offset', async () => {
  const odd = [
    { to: undefined },
    { to: '2026-11-01T00:00:00Z' },
    { to: '2026-10-01T00:00:00Z' },
    { to: 'infinity' },
    { from: '2026-11-01T01:00:00.00+01:00' },
  ];
  const rows = await mappedEach(
    DAILY,
    odd.map((more) => ({ ...day({ activeUsers: 1 }), ...more })),
  );
  expect(rows).toMatchObject(odd.map(() => [NOVEMBER_1]));
});

test('a day without a start, and a record without a figure', async () => {
  const records = [{ from: null, activeUsers: 1 }, {}, '{"from":{},"to":[]}'];
  const none = { period_start: null, period_end: null };
  expect(await mappedEach(DAILY, records)).toMatchObject([[{ ...none, value: 1 }], [], []]);
});

test.each([
  [2026, 0, '2026-01-01', '2026-02-01'],
  [2026, 10, '2026-11-01', '2026-12-01'],
  [2026, 11, '2026-12-01', '2027-01-01'],
  ['2024', '1', '2024-02-01', '2024-03-01'],
])('utilization of year %s and month %s, which count from zero', async (year, month, from, to) => {
  const record = {
    year,
    month,
    registered: 10,
    deactivated: 2,
    active: 0,
    pending: null,
    suspended: 1,
  };
  const rows = await mapped({ stream: 'account-utilization', key: `${year}-${month}` }, record);
  expect(rows.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
    ['active', 0, 'users'],
    ['deactivated', 2, 'users'],
    ['registered', 10, 'users'],
    ['suspended', 1, 'count'],
  ]);
  expect(rows[0]).toEqual({
    source: 'acme',
    vendor: 'tabnine',
    organization_id: 'org-1',
    stream: 'account-utilization',
    record_key: `${year}-${month}`,
    dataset: 'account-utilization',
    scope: 'organization',
    scope_id: 'org-1',
    period_start: `${from}T00:00:00.000Z`,
    period_end: `${to}T00:00:00.000Z`,
    granularity: 'monthly',
    tool: null,
    model: null,
    metric: 'active',
    value: 0,
    unit: 'users',
    observed_at: SEEN,
    seq: 1,
    n: 2,
    latest: true,
  });
});

test('a month that there is not has figures without a period', async () => {
  const rows = await mapped(
    { stream: 'account-utilization', key: 'x' },
    { year: 2026, month: 12, active: 1 },
  );
  expect(rows).toMatchObject([{ period_start: null, period_end: null, value: 1 }]);
});

test('utilization of a team speaks of now', async () => {
  const asked = { stream: 'team-utilization', key: 't1', context: { team_id: 't1' } };
  const rows = await mapped(asked, { registered: 5, deactivated: 0, invited: 1 });
  expect(rows.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
    ['deactivated', 0, 'users'],
    ['invited', 1, 'users'],
    ['registered', 5, 'users'],
  ]);
  expect(rows[0]).toEqual({
    source: 'acme',
    vendor: 'tabnine',
    organization_id: 'org-1',
    stream: 'team-utilization',
    record_key: 't1',
    dataset: 'team-utilization',
    scope: 'team',
    scope_id: 't1',
    period_start: null,
    period_end: null,
    granularity: 'snapshot',
    tool: null,
    model: null,
    metric: 'deactivated',
    value: 0,
    unit: 'users',
    observed_at: SEEN,
    seq: 1,
    n: 2,
    latest: true,
  });
});
