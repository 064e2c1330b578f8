import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import type { Team, User } from '../../../../src/vendors/tabnine/sandbox/directory.ts';
import { type List, get, getJson } from './client.ts';

const USERS = '/api/v1/organization/users';
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ events: 10, users: 250, teams: 60 });
});
afterAll(() => sandbox.close());

async function total(query: Record<string, string>): Promise<number> {
  const paging = { limit: 1, offset: 0 };
  return (await getJson<List<User>>(sandbox, USERS, { ...paging, ...query })).meta.total;
}

describe('lists', () => {
  test('the organization is a single object', async () => {
    expect(await getJson(sandbox, '/api/v1/organization')).toEqual(sandbox.tabnine.organization);
  });

  test.each([{}, { limit: 0 }])('teams come fifty at a time with %o', async (query) => {
    const { data, meta } = await getJson<List<Team>>(sandbox, '/api/v1/organization/teams', query);
    expect(data).toEqual(sandbox.tabnine.teams.slice(0, 50));
    expect(meta).toEqual({ count: 50, total: 60, next: { limit: 50, offset: 50 } });
  });

  test('the last page has no next', async () => {
    const { meta } = await getJson<List<Team>>(sandbox, '/api/v1/organization/teams', {
      offset: 50,
    });
    expect(meta).toEqual({ count: 10, total: 60 });
  });

  test('a page of users is silently capped', async () => {
    const { data, meta } = await getJson<List<User>>(sandbox, USERS, { limit: 500, offset: 0 });
    expect(data).toEqual(sandbox.tabnine.users.slice(0, 200));
    expect(meta).toEqual({ count: 200, total: 250, next: { limit: 200, offset: 200 } });
  });

  test('active and teamMember split the users', async () => {
    expect(await total({ active: 'false' })).toBe(25);
    expect(await total({ active: 'true' })).toBe(225);
    const loners = await total({ teamMember: 'false' });
    expect(loners).toBeGreaterThan(0);
    expect(await total({ teamMember: 'true' })).toBe(250 - loners);
  });

  test('the members of all teams are as many as their counts say, and none is deactivated', async () => {
    const [team] = sandbox.tabnine.teams;
    if (team === undefined) throw new Error('no team');
    const path = `/api/v1/team/${team.id}/users`;
    const { data, meta } = await getJson<List<User>>(sandbox, path, { limit: 200, offset: 0 });
    expect(meta.total).toBe(team.usersCount);
    expect(data.every((user) => !('deactivatedAt' in user))).toBe(true);
    const counted = sandbox.tabnine.teams.reduce((sum, { usersCount }) => sum + usersCount, 0);
    expect(counted).toBe(sandbox.tabnine.memberships.length);
  });
});

describe('single objects', () => {
  test('a team', async () => {
    const team = sandbox.tabnine.teams[3];
    expect(await getJson(sandbox, `/api/team/v1/${team?.id}`)).toEqual(team);
  });

  test('a user, in its mixed spelling', async () => {
    const user = sandbox.tabnine.users[1];
    expect(await getJson(sandbox, `/api/user/v1/${user?.id}`)).toEqual({
      user: {
        user_id: user?.id,
        email: user?.email,
        role: user?.role,
        active: true,
        allowedTeams: [user?.team],
      },
      teams: { team_id: user?.team?.id, team_name: user?.team?.name },
    });
  });
});

describe('errors', () => {
  test('users without paging: the live validation error', async () => {
    const { status, text } = await get(sandbox, USERS);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      error: {
        message: 'Validation Error',
        errors: ['offset: Expected number, received nan', 'limit: Expected number, received nan'],
        status: 400,
      },
    });
  });

  test('what is not there', async () => {
    const user = await get(sandbox, '/api/user/v1/nobody');
    expect([user.status, JSON.parse(user.text)]).toEqual([
      404,
      { message: 'User not found in organization', status: 404 },
    ]);
    const team = await get(sandbox, '/api/team/v1/%zz');
    expect([team.status, JSON.parse(team.text)]).toMatchObject([
      404,
      { error: 'not_found', status: 404 },
    ]);
    expect((await get(sandbox, '/api/v9/anything')).status).toBe(404);
  });

  test('a missing or wrong token', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { 'x-api-key': sandbox.token }]) {
      const { status, text } = await get(sandbox, '/api/v1/organization', {}, { headers });
      expect(status).toBe(401);
      expect(JSON.parse(text)).toEqual({
        message: 'Unauthorized. Valid ID token required.',
        status: 401,
      });
    }
  });

  test('anything but GET', async () => {
    const headers = { authorization: `Bearer ${sandbox.token}` };
    const { status } = await get(
      sandbox,
      '/api/v1/organization',
      {},
      { method: 'DELETE', headers },
    );
    expect(status).toBe(405);
  });
});

test('every answer carries the time and a type', async () => {
  const { headers } = await get(sandbox, '/api/v1/organization');
  expect(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now())).toBeLessThan(5_000);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
});
