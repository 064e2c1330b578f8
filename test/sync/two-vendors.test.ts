import { describe, expect, test } from 'vitest';
import { type Home, homeFor, type Report, sandboxFor } from '../harness.ts';
import { addTie, devinHome, devinIds, devinRequests, devinSandbox, failForGood, syncDevin } from './devin-support.ts';
import { DAY, eventAt, eventIds, HOUR, select, vendorIds } from './support.ts';

const LOGS = ['tabnine/audit-logs', 'tabnine/users', 'devin/audit-logs', 'devin/users'];

/** Both vendors in one home. */
async function both(events = 200) {
  const { sandbox, clock } = await devinSandbox({ events, days: 20 });
  for (let n = 0; n < 20; n += 1) {
    sandbox.tabnine.events.insert(eventAt(clock.at - HOUR - n * 1000, `t-${n}`));
  }
  const home = await homeFor(sandbox, ['tabnine', 'devin']);
  await home.configure({ lake: false, start: new Date(clock.at - 30 * DAY).toISOString() });
  return { sandbox, clock, home };
}

async function run(home: Home, args: string[]): Promise<{ code: number | null; text: string }> {
  const { code, stdout, stderr } = await home.run(['sync', ...args]);
  return { code, text: stdout + stderr };
}

describe('one vendor fails, the other is complete', () => {
  test.each([
    ['tabnine', 'devin'],
    ['devin', 'tabnine'],
  ] as const)('%s refuses its token', async (failing, working) => {
    const { sandbox, home } = await both();
    sandbox[failing].tokenRefused = true;
    const { code, text } = await run(home, LOGS);
    expect(code).toBe(4);
    expect(text).toMatch(new RegExp(`${failing}/audit-logs: .*401`));
    expect(text).toMatch(new RegExp(`${working}/audit-logs +complete`));
    const report = JSON.parse((await home.run(['sync', ...LOGS, '--json'])).stdout) as Report;
    const outcomes = report.streams.map(({ source, outcome, error }) => [source, outcome, error?.code]);
    expect(outcomes).toEqual(
      expect.arrayContaining([
        [failing, 'failed', 'token-refused'],
        [working, 'complete', undefined],
      ]),
    );
    const ids = working === 'devin' ? devinIds(sandbox) : vendorIds(sandbox);
    expect(await eventIds(home)).toEqual(ids);
  });

  test.each([
    ['tabnine', 'devin'],
    ['devin', 'tabnine'],
  ] as const)('all answers of %s are errors', async (failing, working) => {
    const { sandbox, home } = await both();
    failForGood(sandbox[failing]);
    const { code, stdout } = await home.run(['sync', ...LOGS, '--json']);
    expect(code).toBe(3);
    const report = JSON.parse(stdout) as Report;
    expect(report.outcome).toBe('incomplete');
    for (const { source, outcome, error } of report.streams) {
      expect(outcome).toBe(source === failing ? 'incomplete' : 'complete');
      if (source === failing) expect(error).toMatchObject({ code: 'vendor-error' });
      if (source === failing) expect(error?.message).toContain('500');
    }
    const again = await run(home, LOGS);
    expect(again.text).toMatch(new RegExp(`${failing}/audit-logs: .*500`));
    expect(again.text).toMatch(/run incomplete in/);
    const ids = working === 'devin' ? devinIds(sandbox) : vendorIds(sandbox);
    expect(await eventIds(home)).toEqual(ids);
  });
});

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
  const source = (baseUrl: string, token: string) => ({ type: 'devin', baseUrl, token });
  const configure = async (tokens: readonly string[]) =>
    await home.configure({
      lake: false,
      sources: {
        emea: source(emea.url, tokens[0] ?? ''),
        us: source(us.url, tokens[1] ?? ''),
      },
    });
  await configure([emea.devinToken, us.devinToken]);
  const streams = ['audit-logs', 'users', 'organizations', 'sessions'];
  const args = ['emea', 'us'].flatMap((name) => streams.map((stream) => `${name}/${stream}`));
  expect((await run(home, args)).code).toBe(0);
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
    sources: { emea: source(us.url, us.devinToken), us: source(emea.url, emea.devinToken) },
  });
  const swapped = await run(home, args);
  expect(swapped.code).toBe(2);
  expect(swapped.text).toMatch(/source emea: the token belongs to organization/);
  expect(await select(home, 'select count(*)::int as n from audit_events')).toEqual([{ n }]);
  await configure([emea.devinToken, us.devinToken]);
  expect((await run(home, args)).code).toBe(0);
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
    sandbox.devin.events.add({ audit_log_id: `audit_log-new-${n}`, created_at: at, action: 'fold_space' });
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

test('one person at both vendors, and a home with both holds what it has', async () => {
  const { sandbox, clock, home } = await both();
  sandbox.devin.events.add({
    audit_log_id: 'audit_log-ada',
    created_at: (clock.at - 2 * HOUR) / 1000,
    action: 'login',
    user_id: 'email|ada',
    user_email: 'Ada@Example.com',
  });
  const everything = ['tabnine', 'devin'];
  expect((await run(home, everything)).code).toBe(0);
  const people = await select(
    home,
    `select vendor, count(*)::int as n from person_events where person_email = 'ada@example.com'
     group by vendor order by vendor`,
  );
  expect(people).toEqual([
    { vendor: 'devin', n: 1 },
    { vendor: 'tabnine', n: 20 },
  ]);
  const line = await select(home, `select event_id from timeline(' ADA@example.com')`);
  expect(line.map(({ event_id }) => event_id)[0]).toBe('audit_log-ada');
  expect(line).toHaveLength(21);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
  const facts = async (): Promise<unknown> =>
    await select(
      home,
      `select (select count(*)::int from audit_events) as events, (select count(*)::int from usage_metrics) as figures,
         (select sum(value) from usage_metrics where dataset = 'consumption') as acus,
         (select count(*)::int from entity_history) as entities, (select count(*)::int from work_sessions) as sessions`,
    );
  const before = await facts();
  expect(await home.run(['rebuild'])).toMatchObject({ code: 0 });
  expect(await facts()).toEqual(before);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});
