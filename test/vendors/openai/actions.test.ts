import { expect, test } from 'vitest';
import { transformOf } from '../../../src/transform/transform.ts';
import { isOfTenant } from '../../../src/vendors/openai/sandbox/audit-logs.ts';
import { openai } from '../../../src/vendors/openai/vendor.ts';

const { actions } = transformOf([openai]);

const isOfChatgpt = (name: string): boolean => name.startsWith('chatgpt.');

test('every type of the vendor’s SDK and of its tenants is known, once', () => {
  const names = actions.map(({ action }) => action);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !isOfTenant(name) && !isOfChatgpt(name))).toHaveLength(57);
  expect(names.filter(isOfTenant)).toHaveLength(90);
});

test.each([
  ['tenant.admin_api_key.created', 'credential', 'create'],
  ['tenant.sso_connection.deleted', 'configuration', 'delete'],
  ['role.assignment.created', 'access', 'grant'],
  ['login.failed', 'authentication', 'login'],
  ['tenant.user.looked_up', 'data_access', 'read'],
  ['ip_allowlist.config.deactivated', 'policy', 'disable'],
])('%s is %s, %s', (action, category, activity) => {
  expect(actions).toContainEqual({ vendor: 'openai', action, category, activity, finding: null });
});
