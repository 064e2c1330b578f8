import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import type { Scope } from '../../../../src/vendors/tabnine/sandbox/usage/usage.ts';
import { bucketsOf } from './usage-client.ts';

const DAY = '2026-06-03T00:00:00Z';
const RIGHT = { from: '2026-06-01T00:00:00Z', to: '2026-06-08T00:00:00Z', granularity: 'daily' };
let sandbox: Sandbox;

beforeEach(async () => {
  const until = Date.parse('2026-06-15T12:00:00Z');
  sandbox = await startSandbox({ events: 10, users: 20, teams: 2, until, now: () => until });
});
afterEach(() => sandbox.close());

async function completions(scope: Scope, id?: string): Promise<number[]> {
  const buckets = await bucketsOf(sandbox, 'v2', scope, RIGHT, id);
  return buckets.map(({ codeCompletions }) => codeCompletions?.completions ?? 0);
}

/** A user who did something that day, and the team of that user. */
function worker(): { userId: string; teamId: string; other: string } {
  const { users, teams, usage } = sandbox.tabnine;
  const found = users.find(({ id, team }) => {
    const range = { from: DAY, to: '2026-06-04T00:00:00Z', granularity: 'daily' } as const;
    const [bucket] = usage.expected({ ...range, dataset: 'v2', scope: 'user', id });
    return team !== null && bucket?.['activeUsers'] === 1;
  });
  const other = teams.find(({ id }) => id !== found?.team?.id)?.id;
  if (!found?.team || other === undefined) throw new Error('nobody worked');
  return { userId: found.id, teamId: found.team.id, other };
}

describe('restatement', () => {
  test('changes that day of the user, the team and the organization, and nothing else', async () => {
    const { userId, teamId, other } = worker();
    const restate = { userId, day: '2026-06-03' } as const;
    const agent = await bucketsOf(sandbox, 'agent', 'user', RIGHT, userId);
    const before = [await completions('user', userId), await completions('team', teamId)];
    const organization = await completions('organization');
    const untouched = await completions('team', other);
    const more = before[0]?.[2] ?? 0;

    sandbox.tabnine.usage.restate({ ...restate, dataset: 'v2', factor: 2 });

    const raised = (days: number[] | undefined): number[] | undefined =>
      days?.with(2, (days[2] ?? 0) + more);
    expect(await completions('user', userId)).toEqual(raised(before[0]));
    expect(await completions('team', teamId)).toEqual(raised(before[1]));
    expect(await completions('organization')).toEqual(raised(organization));
    expect(await completions('team', other)).toEqual(untouched);
    expect(await bucketsOf(sandbox, 'agent', 'user', RIGHT, userId)).toEqual(agent);

    sandbox.tabnine.usage.restate({ ...restate, dataset: 'v2', factor: 0.25 });
    expect((await completions('user', userId))[2]).toBe(Math.round(more / 2));
    sandbox.tabnine.usage.restate({ ...restate, dataset: 'v2', factor: 0 });
    const days = await bucketsOf(sandbox, 'v2', 'user', RIGHT, userId);
    expect(days[2]?.activeUsers).toBe(0);
  });

  test('is refused for what cannot be', () => {
    const { usage, users } = sandbox.tabnine;
    const right = {
      dataset: 'v2',
      userId: users[0]?.id ?? '',
      day: '2026-06-03',
      factor: 2,
    } as const;
    expect(() => usage.restate({ ...right, userId: 'nobody' })).toThrow(
      'no user has the id nobody',
    );
    expect(() => usage.restate({ ...right, day: 'June' })).toThrow('June is not a day');
  });
});

test('nobody works before coming or after going', async () => {
  const { tabnine } = sandbox;
  const at = Date.parse('2026-06-03T12:00:00Z');
  const team = tabnine.teams[0] ?? null;
  const user = tabnine.addUser({ username: 'Ada', email: 'ada@acme.test', team, at });
  const working = async (): Promise<string> => {
    const query = {
      from: '2026-05-20T00:00:00Z',
      to: '2026-06-15T00:00:00Z',
      granularity: 'daily',
    };
    const days = await bucketsOf(sandbox, 'v2', 'user', query, user.id);
    const active = days.filter(({ activeUsers }) => activeUsers > 0).map(({ from }) => from);
    return [active[0], active.at(-1)].join(' ');
  };
  const [first = '', last = ''] = (await working()).split(' ');
  expect(first >= '2026-06-03').toBe(true);
  expect(last > '2026-06-10').toBe(true);
  tabnine.deactivateUser(user.id, Date.parse('2026-06-10T00:00:00Z'));
  const [, left = ''] = (await working()).split(' ');
  expect(left < '2026-06-10').toBe(true);
});

test('the freeze can be moved', async () => {
  const active = async (): Promise<boolean> =>
    (await bucketsOf(sandbox, 'v1', 'organization', RIGHT)).some((day) => day.activeUsers > 0);
  expect(await active()).toBe(false);
  sandbox.tabnine.usage.frozenAt = Date.parse(RIGHT.to);
  expect(await active()).toBe(true);
});
