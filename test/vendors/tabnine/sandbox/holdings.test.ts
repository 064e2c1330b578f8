import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import type { Invitation } from '../../../../src/vendors/tabnine/sandbox/holdings.ts';
import { get, getJson } from './client.ts';

const INVITATIONS = '/api/invitation/v1';
const PERMISSIONS = '/api/v1/instance/permissions';
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 10, users: 250, teams: 6 });
});
afterEach(() => sandbox.close());

type Invitations = { data: Invitation[]; meta: { count: number; total: number; next?: number } };

function pending(): Invitation[] {
  return sandbox.tabnine.invitations.filter(({ revokedAt }) => revokedAt === null);
}

function repositoriesOf(team: number): string {
  return `/api/team/v1/${sandbox.tabnine.teams[team]?.id}/connections/repositories`;
}

describe('invitations', () => {
  test('next is a bare offset, and revoked ones are not shown', async () => {
    const total = pending().length;
    expect(total).toBeLessThan(sandbox.tabnine.invitations.length);
    const first = await getJson<Invitations>(sandbox, INVITATIONS, { limit: 4, offset: 0 });
    expect(first).toEqual({ data: pending().slice(0, 4), meta: { count: 4, total, next: 4 } });
    const last = await getJson<Invitations>(sandbox, INVITATIONS, { limit: 200, offset: 4 });
    expect(last).toEqual({ data: pending().slice(4), meta: { count: total - 4, total } });
  });

  test('of one team', async () => {
    const teamId = pending()[0]?.teamId ?? '';
    const query = { limit: 200, offset: 0, teamId };
    expect((await getJson<Invitations>(sandbox, INVITATIONS, query)).data).toEqual(
      pending().filter((invitation) => invitation.teamId === teamId),
    );
  });

  test.each([
    {},
    { limit: 200 },
    { offset: 0 },
    { limit: 0, offset: 0 },
    { limit: 201, offset: 0 },
  ])('400 for %o', async (query) => {
    expect((await get(sandbox, INVITATIONS, query)).status).toBe(400);
  });
});

describe('repositories', () => {
  test('a bare array for each team', async () => {
    const { teams, repositories } = sandbox.tabnine;
    for (const [place, { id }] of teams.entries()) {
      expect(await getJson(sandbox, repositoriesOf(place))).toEqual(repositories.get(id));
    }
    const all = [...repositories.values()].flat();
    expect(all.length).toBeGreaterThan(0);
    expect(all.every((repository) => repository.repository_link.includes('.acme.test'))).toBe(true);
  });

  test.each([
    ['not-configured', 'Indexing service not configured'],
    ['error', 'Error from indexing service'],
  ] as const)('indexing %s', async (indexing, message) => {
    sandbox.tabnine.quirks.indexing = indexing;
    const { status, text } = await get(sandbox, repositoriesOf(0));
    expect([status, JSON.parse(text)]).toEqual([500, { message, status: 500 }]);
  });

  test('for admins only', async () => {
    sandbox.tabnine.quirks.adminToken = false;
    expect((await get(sandbox, repositoriesOf(0))).status).toBe(403);
  });
});

test('the licence counts in seconds and can be changed', async () => {
  const { license } = sandbox.tabnine;
  license.seats = 7;
  const body = await getJson<{ license: typeof license }>(sandbox, '/api/v1/license');
  expect(body).toEqual({ license });
  expect(body.license.seats).toBe(7);
  expect(Math.abs(body.license.exp - Date.now() / 1000 - 365 * 86_400)).toBeLessThan(60);
});

test('permissions are the users of one role', async () => {
  const { users, organization } = sandbox.tabnine;
  for (const role of ['Admin', 'Manager', 'TeamLead', 'Member']) {
    const expected = users
      .filter((user) => user.role === role)
      .map(({ username }) => ({ username, organizationId: organization.id }));
    expect(expected.length).toBeGreaterThan(0);
    expect(await getJson(sandbox, PERMISSIONS, { role })).toEqual(expected);
  }
  expect((await get(sandbox, PERMISSIONS)).status).toBe(400);
  expect((await get(sandbox, PERMISSIONS, { role: 'admin' })).status).toBe(400);
});

describe('the other shapes of users and teams', () => {
  test('a user by address', async () => {
    const user = sandbox.tabnine.users[9];
    const { updatedAt: _, deactivatedAt, ...rest } = user ?? { updatedAt: '', deactivatedAt: '' };
    const path = `/api/user/v1/by-email/${encodeURIComponent(user?.email ?? '')}`;
    expect(deactivatedAt).toBeTruthy();
    expect(await getJson(sandbox, path)).toEqual({ ...rest, active: false, allowedTeams: [] });
    expect((await get(sandbox, '/api/user/v1/by-email/nobody@acme.test')).status).toBe(404);
  });

  test('the teams that a user may use', async () => {
    const user = sandbox.tabnine.users[1];
    expect(await getJson(sandbox, `/api/user/v1/${user?.id}/allowed-teams`)).toEqual([user?.team]);
    expect((await get(sandbox, '/api/user/v1/nobody/allowed-teams')).status).toBe(404);
  });

  test('a user by the older path', async () => {
    const user = sandbox.tabnine.users[1];
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(await getJson(sandbox, `/api/v1/user/${user?.id}`)).toEqual({
      user: {
        organization_id: sandbox.tabnine.organization.id,
        user_id: user?.id,
        email: user?.email,
        role: user?.role,
        createdAt: time,
        updatedAt: user?.updatedAt,
      },
      teams: { team_id: user?.team?.id, team_name: user?.team?.name },
    });
  });

  test('a team by the older path', async () => {
    const team = sandbox.tabnine.teams[2];
    expect(await getJson(sandbox, `/api/v1/team/${team?.id}`)).toEqual({
      id: team?.id,
      name: team?.name,
    });
  });
});
