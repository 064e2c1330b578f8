/** What the mappings make of records that are not as usual. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Item, rowsOf, TestArchive } from '../../load/archive.ts';

/** Loaded once: loading is what takes long. */
let archive: TestArchive;
let warehouse = '';
beforeAll(async () => {
  archive = await TestArchive.open();
  archive.account = { source: 'acme', vendor: 'openai' };
  await archive.add('audit-logs', items('e', EVENTS));
  const costs = SUMS.map(([, values], n) => day(n, values.map(amount)));
  await archive.add('costs', items('organization', costs), {
    context: { dimensions: 'project_id line_item api_key_id' },
  });
  await archive.add('usage-completions', items('organization', [day(0, [UNSPLIT])]), {
    context: { dimensions: 'project_id user_id api_key_id model batch service_tier' },
  });
  await archive.add('api-keys', items('key', [KEY]), { context: { project_id: 'proj_1' } });
  warehouse = (await archive.load()).path;
});
afterAll(() => rm(archive.home, { recursive: true }));

function items(prefix: string, records: readonly unknown[]): Item[] {
  return records.map((record, n) => ({ key: `${prefix}/${n}`, record }));
}

const event = (id: string, type: string, more: object): object => ({
  id,
  type,
  effective_at: 1_781_500_000,
  ...more,
});

const BY_KEY = { id: 'key_1', type: 'service_account', service_account: { id: 'user-svc-1' } };

const EVENTS = [
  event('a', 'api_key.created', {
    actor: { type: 'api_key', api_key: BY_KEY },
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
];

test('events of every shape', async () => {
  const rows = await rowsOf(
    warehouse,
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

const FIRST = 1_781_395_200;
const day = (n: number, results: object[]): object => ({
  start_time: FIRST + n * 86_400,
  end_time: FIRST + n * 86_400 + 7,
  results,
});
const amount = (value: unknown): object => ({ amount: { value, currency: 'usd' }, line_item: 'a' });

const SUMS: [string, unknown[], number | null][] = [
  ['numbers', [0.1, 0.2], 0.3],
  ['texts', ['0.1', '0.2'], 0.3],
  ['small ones', [6e-7, '1e-05'], 0.0000106],
  ['what is none', [null, 'n/a', 'NaN'], null],
];

test.each(SUMS.map(([what, , sum], n) => ({ what, sum, n })))(
  'costs are added up as decimals: $what',
  async ({ sum, n }) => {
    const rows = await rowsOf(
      warehouse,
      `select value, unit from usage_metrics
      where dataset = 'costs' and scope = 'organization' and tool is null and period_start = to_timestamp(${FIRST + n * 86_400})`,
    );
    expect(rows).toEqual(sum === null ? [] : [{ value: sum, unit: 'USD' }]);
  },
);

const UNSPLIT = {
  project_id: null,
  user_id: null,
  api_key_id: null,
  model: null,
  object: 'x',
  input_tokens: '7',
  num_model_requests: 2,
  batch: 3,
  note: 'n',
};

test('figures that are not split are totals alone; what is no number is no figure', async () => {
  const rows = await rowsOf(
    warehouse,
    `select scope, metric, value, unit, period_end - period_start = interval 24 hours as whole
    from usage_metrics where dataset = 'usage-completions' order by metric`,
  );
  expect(rows).toEqual([
    { scope: 'organization', metric: 'input_tokens', value: 7, unit: 'tokens', whole: true },
    { scope: 'organization', metric: 'num_model_requests', value: 2, unit: 'count', whole: true },
  ]);
});

const KEY = {
  id: 'key_1',
  name: 'ci',
  owner: null,
  last_used_at: 5,
  api_key_last_used_at: 6,
  redacted_value: 'redacted:9:ab',
};

test('what moves by itself and what is shown of a key are no part of a thing', async () => {
  const rows = await rowsOf(warehouse, 'select name, attributes from entity_history');
  const read = rows.map(({ name, attributes }) => [
    name,
    JSON.parse(attributes as string) as unknown,
  ]);
  expect(read).toEqual([['ci', { id: 'key_1', name: 'ci', owner: null, project_id: 'proj_1' }]]);
});
