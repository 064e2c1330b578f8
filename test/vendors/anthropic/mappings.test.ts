import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type Item, type Row, rowsOf, TestArchive } from '../../load/archive.ts';

/** Rows of a query after the given streams were loaded, each with one page. */
async function mapped(
  pages: Readonly<Record<string, { items: Item[]; context?: Record<string, string> }>>,
  sql: string,
): Promise<Row[]> {
  const archive = await TestArchive.open();
  try {
    archive.account = { source: 'claude', vendor: 'anthropic' };
    for (const [stream, { items, context }] of Object.entries(pages)) {
      await archive.add(stream, items, context === undefined ? {} : { context });
    }
    const { path } = await archive.load();
    return await rowsOf(path, sql);
  } finally {
    await rm(archive.home, { recursive: true });
  }
}

const SEEN = { ip_address: '192.0.2.1', user_agent: 'curl/8' };

const ACTORS = [
  [
    { type: 'user_actor', user_id: 'user_1', email_address: 'u@acme.test', ...SEEN },
    ['user', 'user_1', 'u@acme.test', null],
  ],
  [
    { type: 'unauthenticated_user_actor', unauthenticated_email_address: 'x@acme.test' },
    ['user', null, 'x@acme.test', null],
  ],
  [{ type: 'api_actor', api_key_id: 'apikey_1', ...SEEN }, ['api_key', 'apikey_1', null, null]],
  [
    { type: 'admin_api_key_actor', admin_api_key_id: 'admin_1' },
    ['api_key', 'admin_1', null, null],
  ],
  [
    { type: 'service_account_actor', service_account_id: 'svac_1' },
    ['service_user', 'svac_1', null, null],
  ],
  [
    {
      type: 'federated_identity_actor',
      issuer: 'https://idp.acme.test',
      subject: 'ci',
      audience: 'a',
    },
    ['service_user', 'ci', null, 'https://idp.acme.test'],
  ],
  [
    { type: 'federated_actor', provider: 'aws', subject: 'arn' },
    ['service_user', 'arn', null, 'aws'],
  ],
  [{ type: 'system_actor', service: 'retention' }, ['system', null, null, 'retention']],
  [
    { type: 'scim_directory_sync_actor', directory_id: 'directory_1' },
    ['system', 'directory_1', null, 'directory sync'],
  ],
  [{ type: 'anthropic_actor', email_address: null }, ['system', null, null, 'Anthropic']],
  [{ type: 'attested_device_actor' }, ['unknown', null, null, null]],
  [null, ['unknown', null, null, null]],
  ['text', ['unknown', null, null, null]],
] satisfies [unknown, unknown[]][];

const TARGETS = [
  [
    { user_id: 'user_2', user_email: 'two@acme.test', workspace_id: 'wrkspc_1' },
    ['user', 'user_2', 'two@acme.test', null],
  ],
  [
    { invite_id: 'invite_1', invited_email: 'new@acme.test' },
    ['invitation', 'invite_1', 'new@acme.test', null],
  ],
  [{ api_key_id: 'apikey_1', workspace_id: 'wrkspc_1' }, ['api_key', 'apikey_1', null, null]],
  [{ scoped_api_key_id: 'key_1' }, ['api_key', 'key_1', null, null]],
  [{ group_id: 'group_1', group_name: 'Security' }, ['team', 'group_1', null, 'Security']],
  [{ role_id: 'role_1', role_name: 'Auditor' }, ['role', 'role_1', null, 'Auditor']],
  [
    { claude_file_id: 'file_1', claude_chat_id: 'chat_1', filename: 'a "b".pdf' },
    ['file', 'file_1', null, 'a "b".pdf'],
  ],
  [{ claude_chat_id: 'chat_1', claude_project_id: 'project_1' }, ['chat', 'chat_1', null, null]],
  [{ mcp_server_id: 'mcp_1', server_name: 'Jira' }, ['mcp_server', 'mcp_1', null, 'Jira']],
  [{ workspace_id: 'wrkspc_1' }, ['workspace', 'wrkspc_1', null, null]],
  [{ domain: 'acme.test' }, ['domain', 'acme.test', null, 'acme.test']],
  [
    { updates: [{ type: 'retention' }, { type: 'sso' }] },
    ['setting', 'retention', null, 'retention'],
  ],
  [{ user_id: null, note: 'x' }, [null, null, null, null]],
] satisfies [object, unknown[]][];

const TIMES = [
  [{ created_at: '2026-07-09T14:30:05Z' }, '2026-07-09T14:30:05.000Z'],
  [{ created_at: '2026-07-09T14:30:05.123456Z' }, '2026-07-09T14:30:05.123456Z'],
  [{ created_at: '2026-07-09T14:30:05' }, '2026-07-09T14:30:05.000Z'],
  [
    { created_at: '2026-07-09T14:30:05Z', accessed_at: '2026-07-08T01:00:00Z' },
    '2026-07-08T01:00:00.000Z',
  ],
  [{ created_at: null }, null],
] satisfies [object, string | null][];

const activity = (more: object) => ({
  created_at: '2026-07-09T14:30:05Z',
  organization_id: 'org_1',
  organization_uuid: null,
  type: 'x',
  actor: null,
  ...more,
});

test('activities as events: actors, targets and times, each by a table', async () => {
  const tabled: object[] = [
    ...ACTORS.map(([actor]) => ({ actor })),
    ...TARGETS.map(([fields]) => fields),
    ...TIMES.map(([time]) => time),
  ];
  const items = tabled.map((more, i) => ({
    key: `a-${i}`,
    record: { id: `a-${i}`, ...activity(more) },
  }));
  const rows = await mapped({ 'audit-logs': { items } }, 'select * from internal.events');
  const byId = new Map(rows.map((row) => [row['event_id'], row]));
  const row = (place: number): Row => byId.get(`a-${place}`) ?? {};
  for (const [i, [actor, expected]] of ACTORS.entries()) {
    const { actor_type, actor_id, actor_email, actor_name } = row(i);
    expect({ actor, found: [actor_type, actor_id, actor_email, actor_name] }).toEqual({
      actor,
      found: expected,
    });
  }
  for (const [i, [fields, expected]] of TARGETS.entries()) {
    const { target_type, target_id, target_email, target_name } = row(ACTORS.length + i);
    expect({ fields, found: [target_type, target_id, target_email, target_name] }).toEqual({
      fields,
      found: expected,
    });
  }
  for (const [i, [time, expected]] of TIMES.entries()) {
    expect({ time, found: row(ACTORS.length + TARGETS.length + i)['occurred_at'] }).toEqual({
      time,
      found: expected,
    });
  }
});

test('details are what is left; a new role is named, and what this program read is marked', async () => {
  const own = { type: 'admin_api_key_actor', admin_api_key_id: 'k', user_agent: 'auditlake/0.2.0' };
  const items = [
    activity({ type: 'claude_user_role_updated', current_role: 'owner', previous_role: null }),
    activity({ type: 'compliance_api_accessed', actor: own, url: '/v1', request_id: 'req_1' }),
    activity({ type: 'compliance_api_accessed', actor: { ...own, user_agent: 'curl/8' } }),
    activity({ type: 'user_logged_out', organization_uuid: 'uuid-1' }),
  ].map((record, i) => ({ key: `a-${i}`, record: { id: `a-${i}`, ...record } }));
  const rows = await mapped(
    { 'audit-logs': { items } },
    'select details, request_id, organization_id from internal.events order by event_id',
  );
  expect(rows).toEqual([
    {
      details: '{"current_role":"owner","previous_role":null,"role":"owner"}',
      request_id: null,
      organization_id: 'org_1',
    },
    {
      details: '{"url":"/v1","request_id":"req_1","own_reading":true}',
      request_id: 'req_1',
      organization_id: 'org_1',
    },
    { details: null, request_id: null, organization_id: 'org_1' },
    { details: null, request_id: null, organization_id: 'uuid-1' },
  ]);
});

/** A line of the bill. */
const line = (amount: unknown, more: object) => ({
  amount,
  currency: 'USD',
  model: 'opus',
  cost_type: 'tokens',
  ...more,
});

test('cents are added up as decimals, by workspace, model and kind; null is the default workspace', async () => {
  const results = [
    line('123.45', { workspace_id: null }),
    line('0.10', { workspace_id: 'w-1' }),
    line('0.20', { workspace_id: 'w-1', model: null, cost_type: 'web_search' }),
    line('not money', { workspace_id: 'w-1' }),
  ];
  const bounds = { starting_at: '2026-06-01T00:00:00Z', ending_at: '2026-06-02T00:00:00Z' };
  const items = [
    { key: 'all/1', record: { ...bounds, results } },
    { key: 'all/2', record: { starting_at: '2026-06-02T00:00:00Z', results: [] } },
  ];
  const rows = await mapped(
    { costs: { items, context: { granularity: 'daily' } } },
    `select scope, scope_id = organization_id as is_whole, tool, model, value, unit from internal.figures order by all`,
  );
  const found = rows.map(({ scope, tool, model, value, unit }) => [
    scope,
    tool,
    model,
    value,
    unit,
  ]);
  expect(found).toEqual(
    expect.arrayContaining([
      ['organization', null, null, 1.2375, 'USD'],
      ['organization', 'tokens', null, 1.2355, 'USD'],
      ['organization', 'web_search', null, 0.002, 'USD'],
      ['organization', null, 'opus', 1.2355, 'USD'],
      ['workspace', null, null, 1.2345, 'USD'],
      ['workspace', null, null, 0.003, 'USD'],
    ]),
  );
  expect(found.filter(([, tool, model]) => tool === null && model === null)).toHaveLength(3);
});

/** A row of Claude Code. */
const worked = (actor: object, amount: unknown) => ({
  date: '2026-06-01T00:00:00Z',
  actor,
  core_metrics: { num_sessions: 2 },
  model_breakdown: [
    { model: 'a', estimated_cost: { amount, currency: 'USD' } },
    { model: 'b', estimated_cost: { amount: 50, currency: 'USD' } },
  ],
});

test('an estimate in cents is a number, and whose row it is stands in the page', async () => {
  const items = [
    { key: 'd/1', record: worked({ type: 'user_actor', email_address: 'u@acme.test' }, 250) },
    { key: 'd/2', record: worked({ type: 'api_actor', api_key_name: 'ci' }, '1.5') },
  ];
  const context = { day: '2026-06-01', owners: JSON.stringify({ 'u@acme.test': 'user_1' }) };
  const rows = await mapped(
    { 'claude-code': { items, context } },
    `select scope, scope_id, model, value from internal.figures where metric like '%cost.amount' order by all`,
  );
  expect(rows.map((one) => Object.values(one))).toEqual([
    ['api_key', 'ci', 'a', 0.015],
    ['api_key', 'ci', 'b', 0.5],
    ['api_key', 'ci', null, 0.515],
    ['user', 'user_1', 'a', 2.5],
    ['user', 'user_1', 'b', 0.5],
    ['user', 'user_1', null, 3],
  ]);
});

test('the roles of a group come as ids or as objects; a spend limit does not change by being used', async () => {
  const limit = {
    scope: 'user',
    actor: { user_id: 'user_1' },
    period: 'monthly',
    amount: '500',
    period_to_date_spend: '12.5',
    currency: 'USD',
  };
  const rows = await mapped(
    {
      groups: {
        items: [
          { key: 'g-1', record: { id: 'g-1', name: 'A', roles: ['r-1'] } },
          { key: 'g-2', record: { id: 'g-2', name: 'B', roles: [{ id: 'r-2', name: 'Auditor' }] } },
          { key: 'g-3', record: { id: 'g-3', name: 'C', roles: null } },
        ],
      },
      'spend-limits': { items: [{ key: 'user/user_1/monthly', record: limit }] },
    },
    `select concat(holder_id, ' ', coalesce(role, role_id)) as text from internal.grants
     union all select attributes::varchar from internal.entity_versions where entity_type = 'spend_limit'
     union all select concat(scope_id, ' ', value, ' ', unit) from internal.figures order by all`,
  );
  expect(rows.map(({ text }) => text)).toEqual([
    'g-1 r-1',
    'g-2 Auditor',
    'user_1 0.125 USD',
    '{"scope":"user","actor":{"user_id":"user_1"},"period":"monthly","amount":"500","currency":"USD"}',
  ]);
});

test('what is billed of a person is not split off an estimate', async () => {
  const estimate = {
    key: 'd/1',
    record: worked({ type: 'user_actor', email_address: 'u@acme.test' }, 250),
  };
  const billed = {
    key: 'd/user_1',
    record: {
      actor: { user_id: 'user_1' },
      product: 'chat',
      amount: '100',
      list_amount: '120',
      currency: 'USD',
    },
  };
  const day = { granularity: 'daily', day: '2026-06-01' };
  const rows = await mapped(
    {
      'claude-code': { items: [estimate], context: { ...day, owners: '{"u@acme.test":"user_1"}' } },
      'enterprise-costs-users': { items: [billed], context: { ...day, scope: 'user' } },
    },
    'select product, cost from person_costs order by all',
  );
  expect(rows).toEqual([
    { product: 'chat', cost: 1 },
    { product: null, cost: 3 },
  ]);
});
