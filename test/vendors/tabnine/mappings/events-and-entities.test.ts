import { expect, test } from 'vitest';
import { type Item, type Row, TestArchive, rowsOf } from '../../../load/archive.ts';

const TIME = '2026-02-01T10:00:00.120Z';

async function mapped(
  table: string,
  stream: string,
  item: Item,
  context?: Record<string, string>,
): Promise<Row> {
  const archive = await TestArchive.make();
  await archive.add(stream, [item], context === undefined ? {} : { context });
  const { path } = await archive.load();
  const [row = {}] = await rowsOf(path, `select * from ${table}`);
  return row;
}

const COMMON = {
  source: 'acme',
  vendor: 'tabnine',
  seq: 1,
  n: 2,
};

const EVENT = {
  ...COMMON,
  organization_id: 'org-1',
  occurred_at: TIME,
  raw_altered: false,
  revision: 1,
  first_seen_at: '2026-03-01T00:00:00.000Z',
};

const VERSION = { ...COMMON, identities: null, seen_at: '2026-03-01T00:00:00.000Z', present: true };

test('an audit event of the current shape', async () => {
  const raw =
    '{"id":"evt_1","timestamp":"2026-02-01T10:00:00.12Z","eventType":"role.assigned","actor":{"id":"u1","type":"User","email":"u1@acme.test","displayName":"Ann"},' +
    '"resource":{"id":"Admin","type":"Role","name":"Admin"},"metadata":{"userId":"u2","big":12345678901234567890,"list":["a"]},' +
    '"request":{"ipAddress":"192.0.2.1","userAgent":"curl","clientId":null,"requestId":"req_1"},"new":1}';
  expect(await mapped('internal.events', 'audit-logs', { key: 'evt_1', record: raw })).toEqual({
    ...EVENT,
    event_uid: 'acme:evt_1',
    event_id: 'evt_1',
    action: 'role.assigned',
    actor_type: 'user',
    actor_id: 'u1',
    actor_email: 'u1@acme.test',
    actor_name: 'Ann',
    target_type: 'role',
    target_id: 'Admin',
    target_email: null,
    target_name: 'Admin',
    ip_address: '192.0.2.1',
    user_agent: 'curl',
    request_id: 'req_1',
    details: '{"userId":"u2","big":12345678901234567890,"list":["a"]}',
    raw,
  });
});

test.each([
  [{ user_id: 'u1' }, { userId: 'u2', username: 'bob' }],
  [{ userId: 'u1' }, { user_id: 'u2', displayName: 'bob' }],
  [
    { id: 'u1', user_id: 'x' },
    { id: 'u2', userId: 'x', name: 'bob' },
  ],
])('users of the older shape, spelled as %j and %j', async (performing_user, affected_user) => {
  const record = { eventType: 'x', performing_user, affected_user, occurredAt: TIME };
  expect(
    await mapped('internal.events', 'audit-logs', { key: 'e', time: TIME, record }),
  ).toMatchObject({
    actor_type: 'user',
    actor_id: 'u1',
    target_type: 'user',
    target_id: 'u2',
    target_name: 'bob',
  });
});

test('an audit event of the older shape', async () => {
  const raw = `{"eventType":"team_member.added","performing_user":{"id":"u1","email":"u1@acme.test"},"affected_user":{"id":"u2","name":"Bob","email":"u2@acme.test"},"occurredAt":"${TIME}","valueChange":{"field":"team"}}`;
  const key = `sha256:${'0'.repeat(64)}#1`;
  expect(await mapped('internal.events', 'audit-logs', { key, time: TIME, record: raw })).toEqual({
    ...EVENT,
    event_uid: `acme:${key}`,
    event_id: null,
    action: 'team_member.added',
    actor_type: 'user',
    actor_id: 'u1',
    actor_email: 'u1@acme.test',
    actor_name: null,
    target_type: 'user',
    target_id: 'u2',
    target_email: 'u2@acme.test',
    target_name: 'Bob',
    ip_address: null,
    user_agent: null,
    request_id: null,
    details: '{"field":"team"}',
    raw,
  });
});

test('an audit event of which little is there', async () => {
  const record = '{"eventType":"x","actor":{"id":"k","type":"robot"},"metadata":null}';
  expect(
    await mapped('audit_events', 'audit-logs', { key: 'e', time: TIME, record }),
  ).toMatchObject({
    occurred_at: TIME,
    category: 'other',
    activity: 'other',
    actor_type: 'unknown',
    actor_id: 'k',
    details: null,
    name_basis: 'none',
  });
});

test('a user', async () => {
  const record = `{"id":"u1","username":"Ann","email":"u1@acme.test","role":"Member","verified":true,"team":{"id":"t1","name":"Core"},"deactivatedAt":null,"updatedAt":"${TIME}"}`;
  const row = await mapped(
    'internal.entity_versions',
    'users',
    { key: 'u1', record },
    { active: 'true' },
  );
  expect(row).toEqual({
    ...VERSION,
    stream: 'users',
    entity_type: 'user',
    entity_id: 'u1',
    name: 'Ann',
    email: 'u1@acme.test',
    changed_at: TIME,
    attributes: `${record.slice(0, -1)},"status":"active","team_id":"t1","team_name":"Core"}`,
  });
});

test.each([
  ['teams', 'team', '{"id":"x","name":"Core","usersCount":3}', 'Core'],
  ['organization', 'organization', '{"id":"x","name":"Acme","domains":["acme.test"]}', 'Acme'],
])('%s', async (stream, entity_type, record, name) => {
  expect(await mapped('internal.entity_versions', stream, { key: 'x', record })).toEqual({
    ...VERSION,
    stream,
    entity_type,
    entity_id: 'x',
    name,
    email: null,
    changed_at: null,
    attributes: record,
  });
});

test.each([
  {
    stream: 'license',
    item: { key: 'license', record: '{"exp":1895529600,"seats":"50","settings":{"a":null}}' },
    added: ',"expires_at":"2030-01-25T00:00:00.000000Z"',
    expected: { entity_type: 'license' },
  },
  {
    stream: 'permissions',
    context: { role: 'Admin' },
    item: { key: 'Admin/ann', record: '{"username":"ann","organizationId":"org-1"}' },
    added: ',"role":"Admin"',
    expected: { entity_type: 'permission', name: 'ann' },
  },
  {
    stream: 'invitations',
    item: {
      key: 'i1',
      record: `{"id":"i1","email":"bob@acme.test","teamId":"t1","role":"Member","createdAt":"${TIME}","revokedAt":null}`,
    },
    expected: { entity_type: 'invitation', email: 'bob@acme.test', changed_at: TIME },
  },
  {
    stream: 'repositories',
    context: { team_id: 't1' },
    item: {
      key: 't1/git@acme.test:a/b.git',
      record: '{"repository_link":"git@acme.test:a/b.git","repo_type":"git"}',
    },
    added: ',"team_id":"t1"',
    expected: { entity_type: 'repository', name: 'git@acme.test:a/b.git' },
  },
  {
    stream: 'allowed-teams',
    context: { user_id: 'u1' },
    item: { key: 'u1/t1', record: '{"id":"t1","name":"Core"}' },
    added: ',"user_id":"u1","team_id":"t1"',
    expected: { entity_type: 'allowed_team', name: 'Core' },
  },
])('$stream', async ({ stream, context, item, added = '', expected }) => {
  expect(await mapped('internal.entity_versions', stream, item, context)).toEqual({
    ...VERSION,
    stream,
    entity_id: item.key,
    name: null,
    email: null,
    changed_at: null,
    attributes: `${item.record.slice(0, -1)}${added}}`,
    ...expected,
  });
});

test('a membership', async () => {
  const record =
    '{"id":"u1","username":"Ann","email":"u1@acme.test","role":"Member","verified":true}';
  const item = { key: 't1/u1', record };
  expect(await mapped('internal.entity_versions', 'team-members', item, { team_id: 't1' })).toEqual(
    {
      ...VERSION,
      stream: 'team-members',
      entity_type: 'team_member',
      entity_id: 't1/u1',
      name: 'Ann',
      email: 'u1@acme.test',
      changed_at: null,
      attributes: `${record.slice(0, -1)},"team_id":"t1","user_id":"u1"}`,
    },
  );
});
