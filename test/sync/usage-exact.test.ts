import { describe, expect, test } from 'vitest';
import type { Quirks } from '../../src/vendors/tabnine/sandbox/quirks.ts';
import { homeFor } from '../harness.ts';
import { few } from '../long.ts';
import { DAY, select, stillSandbox } from './support.ts';
import {
  configure,
  differences,
  NONE,
  PER_DAY,
  PER_MODEL,
  refused,
  requestsTo,
  SCOPES,
  servedFigures,
  servedModels,
  storedFigures,
  syncOnly,
} from './usage-support.ts';

const NOW = Date.UTC(2026, 5, 15, 12);
const TOMORROW = Date.UTC(2026, 5, 16);
const FROZEN = Date.UTC(2026, 4, 6);
const LAST_90_DAYS = { from: TOMORROW - 90 * DAY, to: TOMORROW };
const SMALL = { users: 4, teams: 2 };

describe('a server that follows the facts to the letter', () => {
  const cases: [string, Partial<Quirks>, string[]][] = [
    [
      'and wants the organization named for the audit log too',
      { requireOrganizationId: true },
      ['401 /api/v1/organization/audit-logs'],
    ],
    ['as it is', {}, []],
  ];
  test.each(few(1, cases))('%s', async (_what, quirks, expected) => {
    const { sandbox } = await stillSandbox({
      users: 16,
      teams: 2,
      events: 50,
      frozenAt: Date.UTC(2026, 5, 8),
    });
    Object.assign(sandbox.tabnine.quirks, quirks);
    const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
    const { outcome, streams } = await home.sync(0, { AUDITLAKE_START: '2026-06-01' });
    expect(outcome).toBe('complete');
    expect(streams.filter((stream) => stream.outcome !== 'complete')).toEqual([]);
    expect(streams.length).toBeGreaterThanOrEqual(21);
    expect(sandbox.tabnine.requests.length).toBeGreaterThan(100);
    expect(refused(sandbox)).toEqual(expected);
  });
});

describe('the warehouse has exactly the figures that are served', () => {
  // One of them with a history that is longer than what is asked for by default.
  const long = { days: 150, start: undefined, first: NOW - 151 * DAY, frozenAt: FROZEN };
  const short = {
    days: 40,
    start: '2026-06-01',
    first: Date.UTC(2026, 5, 1),
    frozenAt: Date.UTC(2026, 5, 8),
  };
  const cases: [string, Partial<Quirks>, typeof long | typeof short][] = [
    ['agent usage in `data`', { agentUsageEnvelope: 'data', allBucketBounds: 'end' }, short],
    ['as documented', {}, long],
    ['idle days left out', { emptyBuckets: 'omitted' }, short],
    ['one bucket with the bounds of the range', { allBucketBounds: 'range' }, short],
    ['agent usage in a bare list', { agentUsageEnvelope: 'bare' }, short],
  ];
  test.each(few(1, cases))('%s', async (_what, quirks, { days, start, first, frozenAt }) => {
    const { sandbox } = await stillSandbox({ ...SMALL, days, frozenAt });
    const { tabnine } = sandbox;
    Object.assign(tabnine.quirks, quirks);
    tabnine.deactivateUser(tabnine.users[1]?.id ?? '', NOW - 4 * DAY);
    const asked = { from: Math.max(first, LAST_90_DAYS.from), to: TOMORROW };
    const home = await homeFor(sandbox, ['tabnine'], { streams: PER_DAY });
    await configure(home, sandbox, { start });
    await home.sync();
    for (const name of ['usage-v2', 'agent-usage'] as const) {
      for (const scope of SCOPES) {
        const served = servedFigures(sandbox, name, scope, asked);
        expect(served.length).toBeGreaterThan(100);
        expect(differences(await storedFigures(home, name, scope), served)).toEqual(NONE);
      }
    }
    // More than 90 days of it, since it is not there to be read later.
    const v1 = { from: first, to: frozenAt };
    for (const scope of SCOPES) {
      const active = activeDays(servedFigures(sandbox, 'usage-v1', 'organization', v1));
      const served = servedFigures(sandbox, 'usage-v1', scope, v1);
      const expected = served.filter(
        (line) => dayOf(line) >= active.first && dayOf(line) <= active.last,
      );
      expect(expected.length).toBeGreaterThan(start === undefined ? 1_000 : 100);
      expect(differences(await storedFigures(home, 'usage-v1', scope), expected)).toEqual(NONE);
    }
    const models = servedModels(sandbox, 'organization', asked);
    expect(models.length).toBeGreaterThan(100);
    const stored = await storedFigures(home, 'usage-v2', 'organization', 'all');
    expect(differences(stored, models)).toEqual(NONE);
    expect(await storedFigures(home, 'usage-v2', 'user', 'all')).toEqual([]);

    const before = tabnine.requests.length;
    await home.sync();
    expect(requestsTo(sandbox, /^\/api\/v1\/\w+\/usage$/, before)).toEqual([]);
    expect(requestsTo(sandbox, /^\/api\/v2\/\w+\/usage$/, before)).not.toEqual([]);
  });

  test('per model for teams and users too, if that is wanted', async () => {
    const { sandbox } = await stillSandbox(SMALL);
    const home = await homeFor(sandbox, ['tabnine'], { streams: PER_MODEL });
    await configure(home, sandbox, { modelScopes: [...SCOPES], start: '2026-06-01' });
    await home.sync();
    const range = { from: Date.UTC(2026, 5, 1), to: TOMORROW };
    for (const scope of SCOPES) {
      const served = servedModels(sandbox, scope, range);
      expect(served.length).toBeGreaterThan(50);
      const stored = await storedFigures(home, 'usage-v2', scope, 'all');
      expect(differences(stored, served)).toEqual(NONE);
    }
  });
});

test('months of accounts keep their bounds over the turn of the year', async () => {
  const { sandbox, clock } = await stillSandbox({ ...SMALL, days: 120 }, Date.UTC(2026, 1, 10, 12));
  const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
  expect(await syncOnly(home, ['account-utilization'])).toMatchObject({ code: 0 });
  const rows = await select(
    home,
    `select period_start::date::varchar as first, period_end::date::varchar as after,
       string_agg(metric, ' ' order by metric) as metrics, any_value(unit) as unit, any_value(scope) as scope
     from usage_metrics where dataset = 'account-utilization' group by 1, 2 order by 1`,
  );
  const months = [
    ['2025-10-01', '2025-11-01'],
    ['2025-11-01', '2025-12-01'],
    ['2025-12-01', '2026-01-01'],
    ['2026-01-01', '2026-02-01'],
    ['2026-02-01', '2026-03-01'],
  ].map(([first, after]) => ({ first, after }));
  const metrics = 'active deactivated pending registered';
  expect(rows).toEqual(
    months.map((bounds) => ({ ...bounds, metrics, unit: 'users', scope: 'organization' })),
  );
  const active = await select(
    home,
    `select value from usage_metrics
     where dataset = 'account-utilization' and metric = 'active' order by period_start`,
  );
  const { usage } = sandbox.tabnine;
  const starts = [...months.map(({ first }) => Date.parse(String(first))), clock.at + 1];
  expect(active.map(({ value }) => value)).toEqual(
    starts.slice(0, -1).map((from, i) => usage.activeUsers(from, starts[i + 1] ?? 0)),
  );
});

test('what each team has now', async () => {
  const { sandbox, clock } = await stillSandbox({ ...SMALL, users: 45 });
  const { tabnine } = sandbox;
  const home = await homeFor(sandbox, ['tabnine'], { streams: 'all' });
  await syncOnly(home, ['team-utilization']);
  tabnine.deactivateUser(tabnine.memberships[0]?.userId ?? '', clock.at);
  expect(await syncOnly(home, ['team-utilization'])).toMatchObject({ code: 0 });
  const rows = await select(
    home,
    `select scope_id || ' ' || metric || ' ' || value::int as line from usage_metrics
     where dataset = 'team-utilization' and granularity = 'snapshot' and period_end is null`,
  );
  const expected = tabnine.teams.flatMap(({ id }) => {
    const members = tabnine.users.filter(({ team }) => team?.id === id);
    const registered = members.filter((user) => user.deactivatedAt === null).length;
    const invited = tabnine.invitations.filter((i) => i.teamId === id && i.revokedAt === null);
    const counts = {
      registered,
      deactivated: members.length - registered,
      invited: invited.length,
    };
    return Object.entries(counts).map(([metric, count]) => `${id} ${metric} ${count}`);
  });
  expect(rows.map(({ line }) => String(line)).toSorted()).toEqual(expected.toSorted());
});

function dayOf(line: string): string {
  return line.split(' ')[2] ?? '';
}

/** The first and the last day on which anybody did anything. */
function activeDays(lines: readonly string[]): { first: string; last: string } {
  const days = lines
    .filter((line) => / active_users users [1-9]/.test(line))
    .map(dayOf)
    .toSorted();
  return { first: days[0] ?? '', last: days.at(-1) ?? '' };
}
