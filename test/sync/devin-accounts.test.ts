import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';
import {
  addTie,
  devinHome,
  devinIds,
  devinRequests,
  devinSandbox,
  syncDevin,
} from './devin-support.ts';
import { HOUR, select } from './support.ts';

const source = (baseUrl: string, token: string) => ({ type: 'devin', baseUrl, token });

test('two Devin sources in one home do not mix, and do not take each other’s token', async () => {
  const sizes = { events: 100, days: 20, users: 6, organizations: 2 };
  const clock = { at: Date.UTC(2026, 5, 15, 12) };
  const boxes = await Promise.all(
    [1, 2].map(async (seed) =>
      sandboxFor({
        seed,
        now: () => clock.at,
        devin: { ...sizes, until: clock.at - HOUR },
      }),
    ),
  );
  const [emea, us] = boxes;
  if (emea === undefined || us === undefined) throw new Error('no sandbox');
  // The same id at both is two events.
  for (const box of boxes) addTie(box, clock.at - HOUR, 1, 'same');
  const home = await homeFor(null);
  const configure = async (tokens: readonly string[]) =>
    await home.configure({
      lake: false,
      sources: {
        emea: source(emea.devinUrl, tokens[0] ?? ''),
        us: source(us.devinUrl, tokens[1] ?? ''),
      },
    });
  await configure([emea.devinToken, us.devinToken]);
  const streams = ['audit-logs', 'users', 'organizations', 'sessions'];
  const args = ['emea', 'us'].flatMap((name) => streams.map((stream) => `${name}/${stream}`));
  expect((await home.run(['sync', ...args])).code).toBe(0);
  for (const [name, box] of [
    ['emea', emea],
    ['us', us],
  ] as const) {
    const ids = async (sql: string): Promise<string[]> =>
      (await select(home, sql)).map(({ id }) => String(id)).toSorted();
    const of = `where source = '${name}'`;
    expect(await ids(`select event_id as id from audit_events ${of}`)).toEqual(devinIds(box));
    expect(await ids(`select user_id as id from users ${of}`)).toEqual(
      box.devin.users.map(({ user_id }) => user_id).toSorted(),
    );
    expect(await ids(`select organization_id as id from organizations ${of}`)).toEqual(
      box.devin.organizations.map(({ org_id }) => org_id).toSorted(),
    );
    expect(await ids(`select session_id as id from work_sessions ${of}`)).toEqual(
      box.devin.sessions.map(({ session_id }) => session_id).toSorted(),
    );
  }
  const uids = await select(
    home,
    `select count(*)::int as n, count(distinct event_uid)::int as uids,
       count(*) filter (event_id = 'audit_log-same-0')::int as same from audit_events`,
  );
  const n = emea.devin.events.count + us.devin.events.count;
  expect(uids).toEqual([{ n, uids: n, same: 2 }]);

  // Both hosts and tokens change places: the accounts behind the names would.
  await home.configure({
    lake: false,
    sources: {
      emea: source(us.devinUrl, us.devinToken),
      us: source(emea.devinUrl, emea.devinToken),
    },
  });
  const swapped = await home.run(['sync', ...args]);
  expect(swapped.code).toBe(2);
  expect(swapped.stdout).toMatch(/source emea: the token belongs to organization/);
  expect(await select(home, 'select count(*)::int as n from audit_events')).toEqual([{ n }]);
  await configure([emea.devinToken, us.devinToken]);
  expect((await home.run(['sync', ...args])).code).toBe(0);
});

test('a source may have organizations’ usage alone', async () => {
  const { sandbox } = await devinSandbox({ days: 5 });
  const home = await devinHome(sandbox, { start: '2026-06-12', usageScopes: ['organization'] });
  const report = await home.sync();
  const streams = report.streams.map(({ stream }) => stream);
  expect(streams.filter((name) => /^consumption-(user|service-user)$/.test(name))).toEqual([]);
  expect(streams).toContain('consumption-organization');
  expect(devinRequests(sandbox, /\/daily\/(users|service-users)\//)).toEqual([]);
});

test('actions that nobody knows are kept, as `other`, and listed', async () => {
  const { sandbox, clock } = await devinSandbox();
  const at = (clock.at - HOUR) / 1000;
  for (const n of [1, 2]) {
    sandbox.devin.events.add({
      audit_log_id: `audit_log-new-${n}`,
      created_at: at,
      action: 'fold_space',
    });
  }
  const home = await devinHome(sandbox);
  await syncDevin(home, ['audit-logs']);
  expect(
    await select(home, 'select distinct action, category, activity from audit_events'),
  ).toEqual([{ action: 'fold_space', category: 'other', activity: 'other' }]);
  const status = await home.run(['status', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({
    unknown_actions: [{ vendor: 'devin', action: 'fold_space', count: 2 }],
  });
});
