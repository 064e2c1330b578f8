import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Permission } from '../../../../src/vendors/devin/sandbox/permissions.ts';
import { get } from '../../tabnine/sandbox/client.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { DEVIN_LOGS, ENTERPRISE, ask, firstOf, read } from './client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 10, devin: { events: 50 } });
});
afterEach(() => sandbox.close());

const UNAUTHORIZED = { status: 401, body: { detail: 'Unauthorized' } };

describe('tokens', () => {
  test.each(['', 'Bearer', 'Bearer apk_user_1', 'Bearer cog_other'])(
    '%j',
    async (authorization) => {
      expect(await ask(sandbox, '/v3/self', {}, authorization)).toMatchObject(UNAUTHORIZED);
    },
  );

  test('a vendor does not take the token of the other', async () => {
    expect(sandbox.devinToken).toMatch(/^cog_/);
    const { token } = sandbox;
    expect(await ask(sandbox, '/v3/self', {}, `Bearer ${token}`)).toMatchObject(UNAUTHORIZED);
    const headers = { authorization: `Bearer ${sandbox.devinToken}` };
    expect((await get(sandbox, '/api/v1/organization', {}, { headers })).status).toBe(401);
  });

  test('a key of an earlier API is refused even where it is the right one', async () => {
    const old = await startSandbox({ events: 1, devin: { events: 1, token: 'apk_user_1' } });
    expect(await ask(old, '/v3/self')).toMatchObject(UNAUTHORIZED);
    await old.close();
  });

  test('a revoked token is refused everywhere', async () => {
    sandbox.devin.tokenRefused = true;
    expect((await ask(sandbox, '/v3/nothing')).status).toBe(401);
  });
});

test('self names the service user', async () => {
  const { service_user_id, name } = firstOf(sandbox.devin.serviceUsers);
  expect(await read(sandbox, '/v3/self')).toEqual({
    principal_type: 'service_user',
    service_user_id,
    service_user_name: name,
    org_id: null,
  });
});

const NEEDED: [Permission, string][] = [
  ['ReadAccountMeta', '/v3/self'],
  ['ManageEnterpriseSettings', DEVIN_LOGS],
  ['ManageEnterpriseSettings', `${ENTERPRISE}/organizations/{org}/audit-logs`],
  ['ManageEnterpriseSettings', `${ENTERPRISE}/organizations/{org}/tags`],
  ['ManageEnterpriseSettings', `${ENTERPRISE}/ip-access-list`],
  ['ManageOrganizations', `${ENTERPRISE}/organizations`],
  ['ManageOrganizations', `${ENTERPRISE}/org-group-limits`],
  ['ManageAccountMembership', `${ENTERPRISE}/members/users`],
  ['ManageAccountMembership', `${ENTERPRISE}/members/idp-users`],
  ['ManageAccountMembership', `${ENTERPRISE}/members/idp-groups`],
  ['ManageAccountMembership', `${ENTERPRISE}/members/service-users`],
  ['ManageAccountMembership', `${ENTERPRISE}/idp-groups`],
  ['ManageAccountMembership', `${ENTERPRISE}/roles`],
  ['ManageGitIntegrations', `${ENTERPRISE}/git-providers/connections`],
  ['ManageGitIntegrations', `${ENTERPRISE}/organizations/{org}/git-providers/permissions`],
  ['ViewEnterpriseInfraDetails', `${ENTERPRISE}/hypervisors`],
  ['ViewAccountConsumption', `${ENTERPRISE}/consumption/cycles`],
  ['ViewAccountConsumption', `${ENTERPRISE}/consumption/daily`],
  ['ViewAccountConsumption', `${ENTERPRISE}/consumption/acu-limits/devin`],
  ['ViewAccountMetrics', `${ENTERPRISE}/metrics/usage`],
  ['ViewAccountMetrics', `${ENTERPRISE}/organizations/{org}/metrics/usage`],
  ['ViewAccountMetrics', `${ENTERPRISE}/queue`],
  ['ViewAccountSessions', `${ENTERPRISE}/sessions`],
];

describe('permissions', () => {
  test.each(NEEDED)('%s opens %s', async (permission, path) => {
    const here = path.replace('{org}', firstOf(sandbox.devin.organizations).org_id);
    expect((await ask(sandbox, here)).status).toBe(200);
    sandbox.devin.permissions.delete(permission);
    const { status, body } = await ask(sandbox, here);
    expect([status, body]).toEqual([403, { detail: expect.stringContaining(permission) }]);
  });

  test('billing may still have its older name', async () => {
    const { devin } = sandbox;
    devin.quirks.billingPermission = 'ManageBilling';
    devin.permissions.delete('ViewAccountConsumption');
    expect((await ask(sandbox, `${ENTERPRISE}/consumption/daily`)).status).toBe(200);
    devin.permissions.delete('ManageBilling');
    expect((await ask(sandbox, `${ENTERPRISE}/consumption/daily`)).status).toBe(403);
  });

  test.each(['audit-logs', 'tags', 'git-providers/permissions', 'metrics/usage'])(
    'an unknown organization looks like a missing permission: %s',
    async (what) => {
      const { status, body } = await ask(sandbox, `${ENTERPRISE}/organizations/org-none/${what}`);
      expect([status, body]).toEqual([403, { detail: expect.any(String) }]);
    },
  );
});

describe('what is not there', () => {
  test.each(['/v3/nothing', '/v3/organizations/x/audit-logs', '/v2/enterprise/audit-logs'])(
    '%s',
    async (path) => {
      expect(await ask(sandbox, path)).toMatchObject({
        status: 404,
        body: { detail: 'Not Found' },
      });
    },
  );

  test('other methods are not allowed', async () => {
    const response = await fetch(sandbox.devinUrl + DEVIN_LOGS, { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
    expect(await response.json()).toEqual({ detail: 'Method Not Allowed' });
  });

  test('an account may lack endpoints', async () => {
    sandbox.devin.quirks.unavailable[`${ENTERPRISE}/metrics`] = '404';
    sandbox.devin.quirks.unavailable[`${ENTERPRISE}/queue`] = '403';
    expect((await ask(sandbox, `${ENTERPRISE}/metrics/usage`)).status).toBe(404);
    expect((await ask(sandbox, `${ENTERPRISE}/queue`)).status).toBe(403);
  });
});

test('faults, requests and onRequest are each vendor its own', async () => {
  const { devin, tabnine } = sandbox;
  const arrivals: string[] = [];
  devin.onRequest = ({ path }) => {
    arrivals.push(path);
  };
  devin.faults.next.push('429', '500');
  expect(await ask(sandbox, '/v3/self')).toMatchObject({
    status: 429,
    body: { detail: 'Too Many Requests' },
  });
  expect((await ask(sandbox, '/v3/self')).body).toEqual({ detail: 'Internal Server Error' });
  expect(arrivals).toEqual(['/v3/self', '/v3/self']);
  expect(devin.requests.map(({ status }) => status)).toEqual([429, 500]);
  expect(tabnine.requests).toEqual([]);
});

test('the rate limits are counted apart', async () => {
  sandbox.devin.faults.rateLimit = { perSecond: 1 };
  const statuses: number[] = [];
  for (let request = 0; request < 3; request++) {
    statuses.push((await ask(sandbox, '/v3/self')).status);
  }
  expect(statuses).toContain(429);
  const headers = { authorization: `Bearer ${sandbox.token}` };
  const response = await fetch(`${sandbox.url}/api/v1/organization`, { headers });
  expect(response.status).toBe(200);
});
