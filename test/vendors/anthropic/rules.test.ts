import { expect, test } from 'vitest';
import { transformOf } from '../../../src/transform/transform.ts';
import { nextLength } from '../../../src/vendors/anthropic/audit-logs.ts';
import { diagnose } from '../../../src/vendors/anthropic/client.ts';
import { keyOfRateLimit } from '../../../src/vendors/anthropic/rate-limits.ts';
import { lastCounted, servedRange } from '../../../src/vendors/anthropic/served.ts';
import { anthropic } from '../../../src/vendors/anthropic/vendor.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test.each([
  ['nothing: longer', DAY, 1, 2 * DAY],
  ['as much as is good', DAY, 5, DAY],
  ['much: shorter', DAY, 9, DAY / 2],
  ['never shorter than an hour', HOUR, 50, HOUR],
  ['never longer than 64 days', 64 * DAY, 1, 64 * DAY],
])('the slice after one with %s', (_what, length, pages, next) => {
  expect(nextLength(length, pages)).toBe(next);
});

test.each([
  [
    'a group of models by the first',
    { group_type: 'model_group', models: ['b', 'a'] },
    'model_group a',
  ],
  ['another part by its kind', { group_type: 'batch', models: null }, 'batch'],
  ['its id, where it has one', { id: 'limit_1', group_type: 'batch' }, 'own'],
  ['its content, where nothing says it', { limits: [] }, 'own'],
])('a rate limit is known by %s', (_what, fields, key) => {
  const bytes = Buffer.from(JSON.stringify(fields));
  expect(keyOfRateLimit({ bytes, key: 'own', time: null }).key).toBe(key);
});

test.each([
  ['2026-06-15T09:59:59Z', '2026-06-13'],
  ['2026-06-15T10:00:00Z', '2026-06-14'],
  ['2026-06-15T23:59:59Z', '2026-06-14'],
])('at %s the last day that has been counted is %s', (now, day) => {
  expect(lastCounted(Date.parse(now))).toBe(Date.parse(day));
});

test.each([
  ['2025-06-01', '2026-02-01', '2026-01-10', '2026-01-01'],
  ['2026-01-05', '2026-02-01', '2026-02-01', '2026-01-05'],
  ['2026-01-05', '2027-03-01', '2027-03-01', '2026-03-02'],
  ['2025-01-01', '2025-02-01', '2026-02-01', '2025-02-01'],
])('of %s to %s, asked on %s, analytics serves what is after %s', (from, to, now, expected) => {
  const window = { from: Date.parse(from), to: Date.parse(to) };
  expect(servedRange(window, Date.parse(now)).from).toBe(Date.parse(expected));
});

test.each([
  [401, { error: { type: 'authentication_error', message: 'invalid x-api-key' } }, 'refused'],
  [403, { type: 'error', error: { type: 'permission_error', message: 'no' } }, 'forbidden'],
  [404, { type: 'error', error: { type: 'not_found_error', message: 'no' } }, 'absent'],
  [400, { error: 'odd' }, 'rejected'],
  [402, null, 'rejected'],
] as const)('a %i is %o', (status, body, fault) => {
  expect(diagnose(status, Buffer.from(JSON.stringify(body)))?.fault).toBe(fault);
});

const { actions } = transformOf([anthropic]);

test.each([
  ['sso_login_succeeded', 'authentication', 'login', null],
  ['sso_login_failed', 'authentication', 'other', null],
  ['claude_user_role_updated', 'access', 'grant', null],
  ['rbac_role_unassigned', 'access', 'revoke', null],
  ['group_member_added', 'group', 'grant', null],
  ['org_user_deleted', 'account', 'delete', null],
  ['platform_api_key_created', 'credential', 'create', null],
  ['scoped_api_key_deleted', 'credential', 'delete', null],
  ['tunnel_token_revealed', 'credential', 'read', null],
  ['org_sso_toggled', 'configuration', 'update', null],
  ['org_data_export_started', 'data_access', 'create', null],
  ['compliance_api_accessed', 'data_access', 'read', null],
  ['mcp_server_created', 'configuration', 'create', null],
  ['inference_hooks_request_denied', 'policy', 'other', 'guardrail'],
  ['ccr_session_created', 'agent_session', 'create', null],
])('%s is %s, %s', (action, category, activity, finding) => {
  expect(actions.filter((one) => one.action === action)).toEqual([
    { vendor: 'anthropic', action, category, activity, finding },
  ]);
});

test('no action is in the vocabulary twice', () => {
  expect(new Set(actions.map(({ action }) => action)).size).toBe(actions.length);
});
