import { beforeAll, expect, test } from 'vitest';
import type { Row } from '../../../load/archive.ts';
import { mapped } from './mapped.ts';

/** 2026-07-09T14:30:05Z. */
const SECONDS = 1783607405;

const event = (more: object): Record<string, unknown> => ({
  action: 'login',
  audit_log_id: 'audit_log-1',
  created_at: SECONDS,
  data: {},
  org_id: null,
  service_user_id: null,
  service_user_name: null,
  user_email: null,
  user_id: null,
  ...more,
});

const TIMES = [
  ['seconds', SECONDS, '2026-07-09T14:30:05.000Z'],
  ['seconds as text', String(SECONDS), '2026-07-09T14:30:05.000Z'],
  ['milliseconds', 1783607405123, '2026-07-09T14:30:05.123Z'],
  ['the first second of 2000', 946684800, '2000-01-01T00:00:00.000Z'],
  ['a second before', 946684799, null],
  ['the last second of 2099', 4102444799, '2099-12-31T23:59:59.000Z'],
  ['the first second of 2100', 4102444800, null],
  ['the first millisecond of 2100', 4102444800000, null],
  ['microseconds', 1783607405123456, '2026-07-09T14:30:05.123456Z'],
  ['ISO 8601', '2026-07-09T14:30:05Z', '2026-07-09T14:30:05.000Z'],
  ['zero', 0, null],
  ['nothing', null, null],
  ['a word', 'nan', null],
] satisfies [string, unknown, string | null][];

const ACTORS = [
  [
    { user_id: 'u', user_email: 'u@acme.test', service_user_name: 'ci' },
    ['user', 'u', 'u@acme.test', null],
  ],
  [{ user_email: 'u@acme.test' }, ['user', null, 'u@acme.test', null]],
  [
    { service_user_id: 'service-user-1', service_user_name: 'ci' },
    ['service_user', 'service-user-1', null, 'ci'],
  ],
  [{}, ['system', null, null, null]],
] satisfies [object, unknown[]][];

const TARGETS = [
  [{ target_user_id: 'u2', role_id: 'r' }, ['user', 'u2', null, null]],
  [{ target_email: 'new@acme.test' }, ['user', null, 'new@acme.test', null]],
  [{ user_id: 'u1', email: 'u1@acme.test' }, ['user', 'u1', 'u1@acme.test', null]],
  [{ user_id: 'me', user_email: 'me@acme.test' }, [null, null, null, null]],
  [
    { service_user_id: 'service-user-2', service_user_name: 'ci', role_id: 'r' },
    ['service_user', 'service-user-2', null, 'ci'],
  ],
  [{ session_id: 'devin-abc', playbook_id: 'p' }, ['session', 'abc', null, null]],
  [{ session_id: 'abc' }, ['session', 'abc', null, null]],
  [{ target_group_name: 'Eng', roles: ['r'] }, ['idp_group', 'Eng', null, 'Eng']],
  [{ idp_group_name: 'Eng' }, ['idp_group', 'Eng', null, 'Eng']],
  [{ api_key_id: 'k', api_key_name: 'deploy' }, ['api_key', 'k', null, 'deploy']],
  [{ secret_name: 'DB' }, ['secret', null, null, 'DB']],
  [{ playbook_id: 'p', playbook_title: 'Fix' }, ['playbook', 'p', null, 'Fix']],
  [
    { git_permission_id: 'gp', git_connection_id: 'gc', repo_path: 'a/b' },
    ['git_permission', 'gp', null, 'a/b'],
  ],
  [{ git_connection_id: 'gc' }, ['git_connection', 'gc', null, null]],
  [{ repo_name: 'a/b' }, ['repository', 'a/b', null, 'a/b']],
  [{ role_id: 'r', role_name: 'Viewer' }, ['role', 'r', null, 'Viewer']],
  [{ role_name: 'Viewer' }, ['role', null, null, 'Viewer']],
  [{ org_id: 'org-2', org_name: 'Two' }, ['organization', 'org-2', null, 'Two']],
  [{ setting_type: 'sso' }, ['setting', 'sso', null, 'sso']],
  [{ enterprise_id: 'e' }, ['enterprise', 'e', null, null]],
  [{ session_id: '', query: 'x' }, [null, null, null, null]],
  [{ session_id: null, playbook_id: 7 }, ['playbook', '7', null, null]],
  [null, [null, null, null, null]],
  ['text', [null, null, null, null]],
] satisfies [unknown, unknown[]][];

const ME = { user_id: 'me', user_email: 'me@acme.test' };

/** What the tables ask about, which is loaded at once. */
const TABLED: object[] = [
  ...TIMES.map(([, createdAt]) => ({ created_at: createdAt })),
  ...ACTORS.map(([more]) => more),
  ...TARGETS.map(([data]) => ({ ...ME, data })),
];

let rows: Map<unknown, Row>;
beforeAll(async () => {
  const items = TABLED.map((more, i) => {
    const id = `audit_log-${i}`;
    return { key: id, record: event({ ...more, audit_log_id: id }) };
  });
  const loaded = await mapped('internal.events', 'audit-logs', items);
  rows = new Map(loaded.map((row) => [row['event_id'], row]));
});

/** The row of one of them. */
function tabled(more: object): Row {
  const place = TABLED.findIndex((each) => JSON.stringify(each) === JSON.stringify(more));
  const row = rows.get(`audit_log-${place}`);
  if (row === undefined) throw new Error(`${JSON.stringify(more)} is in no table`);
  return row;
}

async function one(more: object, table = 'internal.events'): Promise<Row> {
  const [row = {}] = await mapped(table, 'audit-logs', [
    { key: 'audit_log-1', record: event(more) },
  ]);
  return row;
}

test('an audit event, column by column', async () => {
  const record = event({
    action: 'assign_roles',
    org_id: 'org-emea',
    user_id: 'okta|Acme|ann',
    user_email: 'Ann@acme.test',
    data: { target_user_id: 'email|bob', roles: ['org_admin'], big: 12345 },
  });
  expect(await mapped('internal.events', 'audit-logs', [{ key: 'audit_log-1', record }])).toEqual([
    {
      event_uid: 'agents:audit_log-1',
      event_id: 'audit_log-1',
      source: 'agents',
      vendor: 'devin',
      organization_id: 'org-emea',
      occurred_at: '2026-07-09T14:30:05.000Z',
      action: 'assign_roles',
      actor_type: 'user',
      actor_id: 'okta|Acme|ann',
      actor_email: 'Ann@acme.test',
      actor_name: null,
      target_type: 'user',
      target_id: 'email|bob',
      target_email: null,
      target_name: null,
      ip_address: null,
      user_agent: null,
      request_id: null,
      details: '{"target_user_id":"email|bob","roles":["org_admin"],"big":12345}',
      raw: JSON.stringify(record),
      raw_altered: false,
      revision: 1,
      first_seen_at: '2026-03-01T00:00:00.000Z',
      seq: 1,
      n: 2,
    },
  ]);
});

test.each(TIMES)('a time in %s', (_, createdAt, expected) => {
  expect(tabled({ created_at: createdAt })['occurred_at']).toBe(expected);
});

test.each(ACTORS)('an actor %j', (more, expected) => {
  const { actor_type, actor_id, actor_email, actor_name } = tabled(more);
  expect([actor_type, actor_id, actor_email, actor_name]).toEqual(expected);
});

test.each(TARGETS)('the target in %j', (data, expected) => {
  const { target_type, target_id, target_email, target_name } = tabled({ ...ME, data });
  expect([target_type, target_id, target_email, target_name]).toEqual(expected);
});

test('an organization is the target of what is done to it', async () => {
  const row = await one({ action: 'update_org_settings', org_id: 'org-2' });
  expect([row['target_type'], row['target_id']]).toEqual(['organization', 'org-2']);
});

test('an unknown action, an enterprise event, and a request that is told of', async () => {
  const data = { ip_address: '192.0.2.1', user_agent: 'curl' };
  expect(await one({ action: 'brand_new', data }, 'audit_events')).toMatchObject({
    action: 'brand_new',
    category: 'other',
    activity: 'other',
    organization_id: null,
    ip_address: '192.0.2.1',
    user_agent: 'curl',
  });
  expect(await one({}, 'audit_events')).toMatchObject({
    category: 'authentication',
    activity: 'login',
  });
});

test('an event without a plausible time is kept and found', async () => {
  const items = [{ key: 'audit_log-1', record: event({ created_at: 5 }) }];
  expect(await mapped('anomalies', 'audit-logs', items)).toMatchObject([{ kind: 'unmappable' }]);
});
