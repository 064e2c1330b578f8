import { describe, expect, test } from 'vitest';
import { type Home, homeFor, type Report } from '../harness.ts';
import { few } from '../long.ts';
import { devinIds, devinSandbox, failForGood } from './devin-support.ts';
import { DAY, eventAt, eventIds, HOUR, select, vendorIds } from './support.ts';

const LOGS = ['tabnine/audit-logs', 'tabnine/users', 'devin/audit-logs', 'devin/users'];

/** Both vendors in one home. */
async function both(days = 20) {
  const { sandbox, clock } = await devinSandbox({ events: 200, days });
  for (let n = 0; n < 20; n += 1) {
    sandbox.tabnine.events.insert(eventAt(clock.at - HOUR - n * 1000, `t-${n}`));
  }
  const home = await homeFor(sandbox, ['tabnine', 'devin'], { streams: 'all' });
  await home.configure({ lake: false, start: new Date(clock.at - (days + 2) * DAY).toISOString() });
  return { sandbox, clock, home };
}

async function run(home: Home, args: string[]): Promise<{ code: number | null; text: string }> {
  const { code, stdout, stderr } = await home.run(['sync', ...args]);
  return { code, text: stdout + stderr };
}

const PAIRS = [
  ['tabnine', 'devin'],
  ['devin', 'tabnine'],
] as const;

describe('one vendor fails, the other is complete', () => {
  test.each(few(1, PAIRS))('%s refuses its token', async (failing, working) => {
    const { sandbox, home } = await both();
    sandbox[failing].tokenRefused = true;
    const { code, text } = await run(home, LOGS);
    expect(code).toBe(4);
    expect(text).toMatch(new RegExp(`^  ${failing}\\b.*: .*401`, 'm'));
    expect(text).toMatch(new RegExp(`^${working}/audit-logs +complete`, 'm'));
    const report = JSON.parse((await home.run(['sync', ...LOGS, '--json'])).stdout) as Report;
    const outcomes = report.streams.map(({ source, outcome, error }) => [
      source,
      outcome,
      error?.code,
    ]);
    expect(outcomes).toEqual(
      expect.arrayContaining([
        [failing, 'failed', 'token-refused'],
        [working, 'complete', undefined],
      ]),
    );
    const ids = working === 'devin' ? devinIds(sandbox) : vendorIds(sandbox);
    expect(await eventIds(home)).toEqual(ids);
  });

  test.each(few(1, PAIRS.toReversed()))(
    'all answers of %s are errors',
    async (failing, working) => {
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
      expect(again.text).toMatch(new RegExp(`^  ${failing}\\b.*: .*500`, 'm'));
      expect(again.text).toMatch(/run incomplete in/);
      const ids = working === 'devin' ? devinIds(sandbox) : vendorIds(sandbox);
      expect(await eventIds(home)).toEqual(ids);
    },
  );
});

test('one person at both vendors, and a home with both holds what it has', async () => {
  const { sandbox, clock, home } = await both(3);
  sandbox.devin.events.add({
    audit_log_id: 'audit_log-ada',
    created_at: (clock.at - 2 * HOUR) / 1000,
    action: 'login',
    user_id: 'email|ada',
    user_email: 'Ada@Example.com',
  });
  const everything = [
    ...LOGS,
    'tabnine/usage-organization',
    'devin/consumption-enterprise',
    'devin/sessions',
  ];
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
  const facts = async (): Promise<unknown> =>
    await select(
      home,
      `select (select count(*)::int from audit_events) as events, (select count(*)::int from usage_metrics) as figures,
         (select sum(round(value * 10000)::bigint)::int from usage_metrics where dataset = 'consumption') as acus,
         (select count(*)::int from entity_history) as entities, (select count(*)::int from work_sessions) as sessions`,
    );
  const before = await facts();
  expect(await home.run(['rebuild'])).toMatchObject({ code: 0 });
  expect(await facts()).toEqual(before);
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});
