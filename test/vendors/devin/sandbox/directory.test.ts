import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IdpUser, User } from '../../../../src/vendors/devin/sandbox/directory.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { ENTERPRISE, ask, firstOf, read, readAll } from './client.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 10, devin: { events: 10 } });
});
afterEach(() => sandbox.close());

const list = <Item>(what: string, query = {}): Promise<Item[]> =>
  readAll<Item>(sandbox, `${ENTERPRISE}/${what}`, { first: 3, ...query });

describe('lists', () => {
  test.each([
    ['organizations', (): object[] => sandbox.devin.organizations],
    ['members/users', (): object[] => sandbox.devin.users],
    ['members/idp-users', (): object[] => sandbox.devin.idpUsers],
    ['roles', (): object[] => sandbox.devin.roles],
    ['git-providers/connections', (): object[] => sandbox.devin.holdings.gitConnections],
    ['hypervisors', (): object[] => sandbox.devin.holdings.hypervisors],
    ['consumption/acu-limits/devin', (): object[] => sandbox.devin.holdings.acuLimits],
    ['consumption/cycles', (): object[] => sandbox.devin.consumption.cycles()],
  ])('%s', async (what, expected) => {
    expect(await list(what)).toEqual(expected());
    expect(expected().length).toBeGreaterThan(0);
  });

  test('of groups: all by name, and those with roles', async () => {
    const { idpGroups } = sandbox.devin;
    const names = idpGroups.map(({ idp_group_name }) => ({ idp_group_name }));
    expect(await list('idp-groups')).toEqual(names);
    expect(await list('members/idp-groups')).toEqual(idpGroups.slice(0, -1));
  });

  test('that have no pages', async () => {
    const { holdings, organizations } = sandbox.devin;
    const { org_id } = firstOf(organizations);
    const of = `${ENTERPRISE}/organizations/${org_id}`;
    expect(await read(sandbox, `${of}/tags`)).toEqual({ tags: holdings.tags.get(org_id) });
    expect(await read(sandbox, `${ENTERPRISE}/ip-access-list`)).toEqual({
      ip_ranges: holdings.ipRanges,
    });
    expect(await read(sandbox, `${ENTERPRISE}/org-group-limits`)).toEqual({
      groups: holdings.orgGroupLimits,
    });
    expect(await read(sandbox, `${ENTERPRISE}/queue`)).toEqual(holdings.queue);
    expect(await readAll(sandbox, `${of}/git-providers/permissions`)).toEqual(
      holdings.gitPermissions.get(org_id),
    );
  });
});

test('two lists together have everybody, and neither has alone', async () => {
  const users = await list<User>('members/users');
  const idpUsers = await list<IdpUser>('members/idp-users');
  const ids = [...users, ...idpUsers].map(({ user_id }) => user_id);
  expect([users.length, idpUsers.length, new Set(ids).size]).toEqual([16, 8, 20]);
  expect(ids.every((id) => id.includes('|'))).toBe(true);
});

test('email finds one user', async () => {
  const user = firstOf(sandbox.devin.users);
  expect(await list('members/users', { email: user.email })).toEqual([user]);
});

test('inactive service users are hidden unless asked for', async () => {
  expect(await list('members/service-users')).toHaveLength(3);
  expect(await list('members/service-users', { include_inactive: 'true' })).toEqual(
    sandbox.devin.serviceUsers,
  );
  const { status } = await ask(sandbox, `${ENTERPRISE}/members/service-users`, {
    include_inactive: 'perhaps',
  });
  expect(status).toBe(422);
});

test('changes are served at once', async () => {
  const { users, organizations, serviceUsers } = sandbox.devin;
  firstOf(users).name = 'Somebody Else';
  firstOf(organizations).name = 'Renamed';
  firstOf(serviceUsers).deleted_at = 5;
  users.push({ user_id: 'email|new', email: null, name: null, role_assignments: [] });
  expect(await list('members/users')).toEqual(users);
  expect(await list('organizations')).toEqual(organizations);
  expect(await list('members/service-users')).toHaveLength(2);
});

test('a deleted organization is unknown', async () => {
  const { devin } = sandbox;
  const { org_id } = firstOf(devin.organizations);
  devin.deleteOrganization(org_id);
  expect(await list('organizations')).toHaveLength(3);
  const { status } = await ask(sandbox, `${ENTERPRISE}/organizations/${org_id}/tags`);
  expect(status).toBe(403);
  expect(() => devin.deleteOrganization(org_id)).toThrow('no organization');
});
