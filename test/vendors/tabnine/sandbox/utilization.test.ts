import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { get, getJson } from './client.ts';

const ORGANIZATION = '/api/v1/organization/account-utilizations';
const TEAM = '/api/v1/team/account-utilizations';
const NOW = Date.parse('2026-02-10T12:00:00Z');

type Row = {
  year: number;
  month: number;
  registered: number;
  deactivated: number;
  active: number;
  pending: number;
};

let sandbox: Sandbox;

beforeEach(async () => {
  // From December 2024, so that two Decembers and two Januaries are among the months.
  const options = { events: 10, users: 40, teams: 3, days: 420 };
  sandbox = await startSandbox({ ...options, until: NOW, now: () => NOW });
});
afterEach(() => sandbox.close());

async function months(query: Record<string, string> = {}): Promise<string[]> {
  const rows = await getJson<Row[]>(sandbox, ORGANIZATION, query);
  return rows.map(({ year, month }) => `${year}/${month}`);
}

test('months count from zero and go from the start of the history to now', async () => {
  const all = await months();
  expect(all).toHaveLength(15);
  expect(all.slice(0, 2)).toEqual(['2024/11', '2025/0']);
  expect(all.slice(-3)).toEqual(['2025/11', '2026/0', '2026/1']);
});

test.each([
  ['2025-12', ['2025/11', '2026/0', '2026/1']],
  ['2026-02', ['2026/1']],
])('startDate %s counts from one', async (startDate, expected) => {
  expect(await months({ startDate })).toEqual(expected);
});

test('an early startDate is cut off without a word', async () => {
  expect(await months({ startDate: '1999-01' })).toEqual(await months());
});

test.each([
  ['2026-03', 422],
  ['2026-2', 400],
  ['2026-13', 400],
  ['2026-01-01', 400],
])('startDate %s: %i', async (startDate, status) => {
  expect((await get(sandbox, ORGANIZATION, { startDate })).status).toBe(status);
});

test('older installations go back twelve months unless asked', async () => {
  sandbox.tabnine.quirks.utilizationWindow = 'twelve-months';
  expect(await months()).toHaveLength(12);
  expect(await months({ startDate: '2024-12' })).toHaveLength(15);
});

test('the last row agrees with the directory, and none lacks a count', async () => {
  const { users, invitations } = sandbox.tabnine;
  const rows = await getJson<Row[]>(sandbox, ORGANIZATION);
  const deactivated = users.filter((user) => user.deactivatedAt !== null).length;
  expect(rows.at(-1)).toMatchObject({
    registered: users.length - deactivated,
    deactivated,
    pending: invitations.filter(({ revokedAt }) => revokedAt === null).length,
  });
  for (const { registered, active } of rows) {
    expect(registered).toBeGreaterThan(0);
    expect(active).toBeGreaterThan(0);
  }
});

test('a team is counted as it is now', async () => {
  const { users, invitations, teams } = sandbox.tabnine;
  const counts = await Promise.all(
    teams.map(({ id: teamId }) =>
      getJson<{ registered: number; deactivated: number; invited: number }>(sandbox, TEAM, {
        teamId,
      }),
    ),
  );
  const sum = (key: 'registered' | 'deactivated' | 'invited'): number =>
    counts.reduce((total, row) => total + row[key], 0);
  const members = users.filter(({ team }) => team !== null);
  expect(sum('registered') + sum('deactivated')).toBe(members.length);
  expect(sum('registered')).toBe(sandbox.tabnine.memberships.length);
  expect(sum('invited')).toBe(invitations.filter(({ revokedAt }) => revokedAt === null).length);
  expect((await get(sandbox, TEAM)).status).toBe(400);
  expect((await get(sandbox, TEAM, { teamId: 'nobody' })).status).toBe(404);
});
