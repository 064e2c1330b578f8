import { expect, test } from 'vitest';
import { mapped } from './mapped.ts';

const ROLES =
  '[{"role":{"role_id":"r1","role_name":"Admin","role_type":"enterprise"},"org_id":null}]';

type Case = {
  stream: string;
  key: string;
  record: string;
  expected: object;
  context?: Record<string, string>;
  added?: string;
};

const CASES: Case[] = [
  {
    stream: 'organizations',
    key: 'org-emea',
    // 2026-01-15T08:00:00Z.
    record:
      '{"org_id":"org-emea","name":"EMEA","created_at":1735689600,"updated_at":1768464000,"max_cycle_acu_limit":null}',
    expected: {
      entity_type: 'organization',
      name: 'EMEA',
      changed_at: '2026-01-15T08:00:00.000Z',
    },
  },
  {
    stream: 'users',
    key: 'email|ann',
    record: `{"user_id":"email|ann","email":"ann@acme.test","name":"Ann","role_assignments":${ROLES}}`,
    expected: { entity_type: 'user', name: 'Ann', email: 'ann@acme.test' },
  },
  {
    stream: 'idp-users',
    key: 'okta|cid',
    record: `{"user_id":"okta|cid","email":"cid@acme.test","name":null,"idp_role_assignments":[]}`,
    expected: { entity_type: 'idp_user', email: 'cid@acme.test' },
  },
  {
    stream: 'service-users',
    key: 'service-user-1',
    record: `{"service_user_id":"service-user-1","name":"ci","expires_at":null,"deleted_at":null,"role_assignments":${ROLES}}`,
    expected: { entity_type: 'service_user', name: 'ci' },
  },
  {
    stream: 'idp-groups',
    key: 'Eng',
    record: `{"idp_group_name":"Eng","role_assignments":${ROLES}}`,
    expected: { entity_type: 'idp_group', name: 'Eng' },
  },
  {
    stream: 'registered-idp-groups',
    key: 'Eng',
    record: '{"idp_group_name":"Eng"}',
    expected: { entity_type: 'registered_idp_group', name: 'Eng' },
  },
  {
    stream: 'roles',
    key: 'r1',
    record: '{"role_id":"r1","role_name":"Admin","role_type":"enterprise"}',
    expected: { entity_type: 'role', name: 'Admin' },
  },
  {
    stream: 'tags',
    key: 'org-emea',
    context: { org_id: 'org-emea' },
    record: '{"tags":["a","b"]}',
    added: ',"org_id":"org-emea"',
    expected: { entity_type: 'tag' },
  },
  {
    stream: 'git-connections',
    key: 'gc-1',
    record:
      '{"git_connection_id":"gc-1","git_provider_type":"github_app","name":null,"host":"github.com","created_at":1735689600}',
    expected: { entity_type: 'git_connection', name: 'github.com' },
  },
  {
    stream: 'git-permissions',
    key: 'gp-1',
    context: { org_id: 'org-emea' },
    record:
      '{"git_permission_id":"gp-1","git_connection_id":"gc-1","repo_path":"acme/app","read_only":true}',
    added: ',"org_id":"org-emea"',
    expected: { entity_type: 'git_permission', name: 'acme/app' },
  },
  {
    stream: 'ip-access-list',
    key: 'ip-access-list',
    record: '{"ip_ranges":["192.0.2.0/24"]}',
    expected: { entity_type: 'ip_access_list' },
  },
  {
    stream: 'org-group-limits',
    key: 'org-group-limits',
    record: '{"groups":{"g":{"org_ids":["org-emea"],"max_cycle_acus":null}}}',
    expected: { entity_type: 'org_group_limits' },
  },
  {
    stream: 'acu-limits',
    key: 'org/org-emea/',
    record: '{"scope":"org","cycle_acu_limit":100,"org_id":"org-emea","user_id":null}',
    expected: { entity_type: 'acu_limit' },
  },
  {
    stream: 'hypervisors',
    key: 'h-1',
    record: '{"hypervisor_id":"h-1","status":"ok","utilization_percentage":12.5}',
    expected: { entity_type: 'hypervisor' },
  },
  {
    stream: 'queue',
    key: 'queue',
    record: '{"queue_size":3,"status":"normal"}',
    expected: { entity_type: 'queue' },
  },
  {
    stream: 'consumption-cycles',
    key: '1782892800',
    record: '{"after":1782892800,"before":1785571200}',
    expected: { entity_type: 'billing_cycle' },
  },
];

test.each(CASES)('$stream', async ({ stream, key, record, context, added = '', expected }) => {
  expect(
    await mapped('internal.entity_versions', stream, [{ key, record }], context ? { context } : {}),
  ).toEqual([
    {
      source: 'agents',
      vendor: 'devin',
      stream,
      entity_id: key,
      name: null,
      email: null,
      identities: null,
      changed_at: null,
      attributes: `${record.slice(0, -1)}${added}}`,
      seen_at: '2026-03-01T00:00:00.000Z',
      present: true,
      seq: 1,
      n: 2,
      ...expected,
    },
  ]);
});
