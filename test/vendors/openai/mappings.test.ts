/** What the mappings make of records that are not as usual. */
import { expect, test } from 'vitest';
import { type Item, type Row, rowsOf, TestArchive } from '../../load/archive.ts';

async function mapped(
  stream: string,
  records: readonly unknown[],
  sql: string,
  context?: Record<string, string>,
): Promise<Row[]> {
  const archive = await TestArchive.make();
  archive.account = { source: 'acme', vendor: 'openai' };
  const items = records.map((record, n): Item => ({ key: `organization/${n}`, record }));
  await archive.add(stream, items, context === undefined ? {} : { context });
  return await rowsOf((await archive.load()).path, sql);
}

const event = (id: string, type: string, more: object): object => ({
  id,
  type,
  effective_at: 1_781_500_000,
  ...more,
});

test('events of every shape', async () => {
  const key = { id: 'key_1', type: 'service_account', service_account: { id: 'user-svc-1' } };
  const rows = await mapped(
    'audit-logs',
    [
      event('a', 'api_key.created', {
        actor: { type: 'api_key', api_key: key },
        project: { id: 'proj_1', name: 'Default project' },
        'api_key.created': { id: 'key_2', data: { scopes: ['api.all'] } },
      }),
      event('b', 'tenant.scim.directory.created', { actor: null, details: { id: 'dir_1' } }),
      event('c', 'role.bound_to_resource', {
        details: { id: 'ws__connector', resource_type: 'connector' },
      }),
      event('d', 'invite.sent', {
        'invite.sent': { id: 'invite-1', data: { email: 'new@acme.test' } },
      }),
      // Nothing that a type could be.
      event('e', 'odd"type', { 'odd"type': { id: 'x' } }),
      event('f', 'login.failed', {
        actor: {
          type: 'session',
          session: { user: { id: 'u1', email: 'a@acme.test' }, ip_address: '203.0.113.9' },
        },
        'login.failed': { error_code: 'mfa', error_message: 'No' },
      }),
    ],
    `select raw ->> 'id' as id, actor_type, actor_id, target_type, target_id, target_email, ip_address, details
    from audit_events order by id`,
  );
  expect(rows.map((row) => Object.values(row).slice(0, 7))).toEqual([
    ['a', 'api_key', 'key_1', 'api_key', 'key_2', null, null],
    ['b', 'unknown', null, 'scim_directory', 'dir_1', null, null],
    ['c', 'unknown', null, 'connector', 'ws__connector', null, null],
    ['d', 'unknown', null, 'invitation', 'invite-1', 'new@acme.test', null],
    ['e', 'unknown', null, null, null, null, null],
    ['f', 'user', 'u1', null, null, null, '203.0.113.9'],
  ]);
  expect(
    rows.map(({ details }) => JSON.parse((details as string | null) ?? 'null') as unknown),
  ).toEqual([
    {
      id: 'key_2',
      data: { scopes: ['api.all'] },
      project: { id: 'proj_1', name: 'Default project' },
    },
    { id: 'dir_1' },
    { id: 'ws__connector', resource_type: 'connector' },
    { id: 'invite-1', data: { email: 'new@acme.test' } },
    null,
    { error_code: 'mfa', error_message: 'No' },
  ]);
});

const day = (results: object[]): object => ({
  start_time: 1_781_395_200,
  end_time: 1_781_481_600,
  results,
});
const amount = (value: unknown): object => ({ amount: { value, currency: 'usd' }, line_item: 'a' });

test.each<[string, unknown[], number | null]>([
  ['numbers', [0.1, 0.2], 0.3],
  ['texts', ['0.1', '0.2'], 0.3],
  ['small ones', [6e-7, '1e-05'], 0.0000106],
  ['what is none', [null, 'n/a', 'NaN'], null],
])('costs are added up as decimals: %s', async (_what, values, sum) => {
  const rows = await mapped(
    'costs',
    [day(values.map(amount))],
    `select value, unit from usage_metrics where scope = 'organization' and tool is null`,
    { dimensions: 'project_id line_item api_key_id' },
  );
  expect(rows).toEqual(sum === null ? [] : [{ value: sum, unit: 'USD' }]);
});

test('figures that are not split are totals alone; what is no number is no figure', async () => {
  const none = { project_id: null, user_id: null, api_key_id: null, model: null };
  const rows = await mapped(
    'usage-completions',
    [
      day([
        { object: 'x', ...none, input_tokens: '7', num_model_requests: 2, batch: 3, note: 'n' },
      ]),
    ],
    'select scope, metric, value, unit, period_end::varchar as until from usage_metrics order by metric',
    { dimensions: 'project_id user_id api_key_id model batch service_tier' },
  );
  const until = '2026-06-15 00:00:00+00';
  expect(rows).toEqual([
    { scope: 'organization', metric: 'input_tokens', value: 7, unit: 'tokens', until },
    { scope: 'organization', metric: 'num_model_requests', value: 2, unit: 'count', until },
  ]);
});

test('what moves by itself and what is shown of a key are no part of a thing', async () => {
  const moving = { last_used_at: 5, api_key_last_used_at: 6, redacted_value: 'redacted:9:ab' };
  const rows = await mapped(
    'api-keys',
    [{ id: 'key_1', name: 'ci', ...moving, owner: null }],
    'select name, attributes from entity_history',
    { project_id: 'proj_1' },
  );
  expect(
    rows.map(({ name, attributes }) => [name, JSON.parse(attributes as string) as unknown]),
  ).toEqual([['ci', { id: 'key_1', name: 'ci', owner: null, project_id: 'proj_1' }]]);
});
