/** Audit events as they come, and as they should not. */
import { transformOf } from '../../src/transform/transform.ts';
import { VENDORS } from '../../src/vendors/index.ts';

export const COLUMNS = JSON.stringify([
  {
    ...Object.fromEntries(
      `event_uid event_id source vendor organization_id action category activity actor_type actor_id actor_email
      actor_name target_type target_id target_email target_name team_id team_name name_basis ip_address user_agent
      request_id`
        .split(/\s+/)
        .map((name) => [name, 'VARCHAR']),
    ),
    occurred_at: 'TIMESTAMPTZ',
    details: 'VARCHAR',
    raw: 'VARCHAR',
    raw_altered: 'BOOLEAN',
    revision: 'BIGINT',
    first_seen_at: 'TIMESTAMPTZ',
    seq: 'BIGINT',
    n: 'BIGINT',
  },
]);

/** A row of audit_events with `n`, its JSON columns as text. */
export type AuditRow = Record<string, string | number | boolean | null>;

export const ROW: AuditRow = {
  event_uid: 'devin:1',
  event_id: '1',
  source: 'devin',
  vendor: 'devin',
  organization_id: 'org-1',
  occurred_at: '2026-03-01T12:00:00.123456Z',
  action: 'login',
  category: 'authentication',
  activity: 'login',
  actor_type: 'user',
  actor_id: 'user-1',
  actor_email: "m.o'brien@acme.test",
  actor_name: 'M. O’Brien',
  target_type: null,
  target_id: null,
  target_email: null,
  target_name: null,
  team_id: 'team-1',
  team_name: 'Core',
  name_basis: 'as_of',
  ip_address: '192.0.2.7',
  user_agent: 'Mozilla/5.0',
  request_id: 'request-1',
  details: '{"roles":["admin","billing"]}',
  raw: '{"id":12345678901234567890123,"x":null,\n"t":1.50}',
  raw_altered: false,
  revision: 1,
  first_seen_at: '2026-03-01T12:05:00Z',
  seq: 7,
  n: 3,
};

export const NOTHING: AuditRow = Object.fromEntries(Object.keys(ROW).map((name) => [name, null]));

const HOSTILE_TEXT = '"}],\\ \u0000\n\u2028\'; drop table rows; -- \ud83d\ude00';

export const HOSTILE: AuditRow = Object.fromEntries(
  Object.entries(ROW).map(([name, value]) => [
    name,
    typeof value === 'string' && !name.endsWith('_at') ? HOSTILE_TEXT : value,
  ]),
);

export const TRANSFORM = transformOf(VENDORS);

/** One action for each thing that the vocabulary of a vendor can say: which of several says it makes no difference. */
const vocabulary = [
  ...new Map(
    TRANSFORM.actions.map(({ vendor, action, category, activity, finding }) => [
      `${vendor} ${category} ${activity} ${finding}`,
      { vendor, action, category, activity },
    ]),
  ).values(),
];

export const ACTIONS = [
  ...vocabulary,
  {
    vendor: 'tabnine',
    action: 'organization.settings_updated',
    category: 'other',
    activity: 'other',
  },
  { vendor: 'another', action: HOSTILE_TEXT, category: 'other', activity: 'other' },
  { vendor: 'devin', action: null, category: 'other', activity: 'other' },
  // What a future vocabulary may bring.
  { vendor: 'devin', action: 'x', category: 'unheard of', activity: 'undo' },
  { vendor: 'devin', action: 'x', category: null, activity: null },
];

export const TARGETS: AuditRow[] = [
  ...['user', 'service_user', 'team', 'group', 'idp_group', 'org_group', 'role', 'session'].map(
    (type) => ({ target_type: type, target_id: 'target-1', target_email: null, target_name: 'It' }),
  ),
  { target_type: 'user', target_id: null, target_email: 'someone@acme.test', target_name: null },
  { target_type: 'organization', target_id: null, target_email: null, target_name: null },
  { target_type: null, target_id: 'target-1', target_email: null, target_name: null },
];

export const ODD: AuditRow[] = [
  ...['user', 'service_user', 'api_key', 'system', 'unknown', 'robot', null].map((type) => ({
    actor_type: type,
  })),
  ...[
    '2001:db8::1',
    '2001:DB8:0:0:0:0:0:1',
    '::',
    '::1',
    '1::',
    '::ffff:192.0.2.1',
    '1:2:3:4:5:6:7::',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '999.1.1.1',
    '192.0.2.1, 198.51.100.2',
    '',
  ].map((address) => ({ ip_address: address })),
  ...['@', 'a@b', 'a b@acme.test', 'a@acme.test\n', 'a@acme.test, b@acme.test'].map((email) => ({
    actor_email: email,
    target_type: 'user',
    target_email: email,
  })),
  ...['null', '1', '[]', '"roles"', '{"roles":1,"role":{}}', '{"roles":[null,{"a":1},2]}'].map(
    (details) => ({ details, target_type: 'user', target_id: 'target-1' }),
  ),
  { occurred_at: null },
  { occurred_at: null, first_seen_at: null },
  { occurred_at: 'infinity', first_seen_at: '-infinity' },
  { occurred_at: '1969-07-20T20:17:40Z' },
];
