import { describe, expect, test } from 'vitest';
import type { Scope } from '../../src/vendors/devin/sandbox/consumption/consumption.ts';
import type { Sandbox } from '../sandbox/start.ts';
import { type Home, streamOf } from '../harness.ts';
import { long } from '../long.ts';
import { devinHome, devinRequests, devinSandbox, QUIET, syncDevin } from './devin-support.ts';
import { DAY, HOUR, select } from './support.ts';
import { differences, NONE } from './usage-support.ts';

const SCOPES: Scope[] = ['enterprise', 'organization', 'user', 'service-user'];
const CONSUMPTION = SCOPES.map((scope) => `consumption-${scope}`);

function membersOf({ devin }: Sandbox, scope: Scope): string[] {
  const people = [...devin.users, ...devin.idpUsers].map(({ user_id }) => user_id);
  return {
    enterprise: ['enterprise'],
    organization: devin.organizations.map(({ org_id }) => org_id),
    user: [...new Set(people)],
    'service-user': devin.serviceUsers.map(({ service_user_id }) => service_user_id),
  }[scope];
}

/** Every figure of a range that the server has, a line each: a product without a figure is no line. */
function served(sandbox: Sandbox, from: number): string[] {
  const lines = SCOPES.flatMap((scope) =>
    membersOf(sandbox, scope).flatMap((id) => {
      const of = scope === 'enterprise' ? undefined : id;
      const { consumption_by_date } = sandbox.devin.consumption.expected(scope, of, from / 1000);
      return consumption_by_date.flatMap(({ date, acus, acus_by_product }) =>
        Object.entries({ '-': acus, ...acus_by_product })
          .filter(([, value]) => value !== null)
          .map(([tool, value]) => `${scope.replace('-', '_')} ${id} ${date} ${tool} ${value}`),
      );
    }),
  );
  return lines.toSorted();
}

async function stored(home: Home): Promise<string[]> {
  const rows = await select(
    home,
    `select concat_ws(' ', scope, scope_id, epoch(period_start)::bigint, coalesce(tool, '-')) as line, value
     from usage_metrics
     where dataset = 'consumption' and metric = 'acus' and unit = 'ACU' and granularity = 'daily'
       and period_end = period_start + interval 24 hours`,
  );
  return rows.map(({ line, value }) => `${String(line)} ${String(value)}`).toSorted();
}

const isNot = (line: string): boolean => !line.startsWith('organization ');

describe('consumption', () => {
  test('in July as in January: 200 days of every scope', async () => {
    const { sandbox } = await devinSandbox({ days: 200 }, Date.UTC(2026, 6, 20, 12));
    const from = Date.UTC(2026, 0, 10, 8);
    const home = await devinHome(sandbox, { start: '2026-01-10T08:00:00Z' });
    await syncDevin(home, CONSUMPTION);
    const figures = served(sandbox, from);
    expect(figures.filter((line) => line.endsWith(' 0')).length).toBeGreaterThan(100);
    expect(figures.filter((line) => line.includes(' review '))).not.toEqual([]);
    expect(differences(await stored(home), figures)).toEqual(NONE);
    // All days begin at 08:00 UTC, as the requests for them do.
    for (const { query } of devinRequests(sandbox, /\/daily/)) {
      expect([query['time_after'], query['time_before']].map((t) => Number(t) % 86_400)).toEqual([
        28_799, 28_800,
      ]);
    }
    // All of a day, its products and the rest.
    const rests = await select(
      home,
      `select tool, count(*)::int as days,
         bool_and(abs(unattributed_acus - (enterprise_acus - organization_acus)) < 1e-6) as is_rest,
         bool_or(unattributed_acus > 0) as has_rest
       from unattributed_consumption group by tool order by tool`,
    );
    const days = (Date.UTC(2026, 6, 21, 8) - from) / DAY;
    const all = { days, is_rest: true };
    expect(rests.filter(({ tool }) => tool !== 'review')).toEqual([
      { ...all, tool: 'cascade', has_rest: true },
      { ...all, tool: 'devin', has_rest: false },
      { ...all, tool: 'terminal', has_rest: true },
      { ...all, tool: null, has_rest: true },
    ]);
  });

  test('the current day grows, an earlier one is restated: both values are kept', async () => {
    const { sandbox, clock } = await devinSandbox({ days: 20 });
    const home = await devinHome(sandbox, { start: '2026-06-01' });
    await syncDevin(home, CONSUMPTION);
    expect(streamOf(await syncDevin(home, CONSUMPTION), 'consumption-user')).toMatchObject(QUIET);
    const [actor] = sandbox.devin.actors;
    const id = actor?.id ?? '';
    sandbox.devin.consumption.restate({ id, day: '2026-06-10', factor: 3 });
    clock.at += 5 * HOUR;
    const report = await syncDevin(home, CONSUMPTION);
    expect(streamOf(report, 'consumption-enterprise')).toMatchObject({ new_records: 0 });
    expect(streamOf(report, 'consumption-enterprise').changed_records).toBe(2);
    const figures = served(sandbox, Date.UTC(2026, 4, 31, 8)).filter(isNot);
    expect(differences((await stored(home)).filter(isNot), figures)).toEqual(NONE);
    const values = await select(
      home,
      `select value from usage_metrics_history where dataset = 'consumption' and scope_id = '${id}'
         and tool is null and period_start = '2026-06-10 08:00:00+00' order by seq`,
    );
    expect(values).toHaveLength(2);
    expect(values[0]).not.toEqual(values[1]);
    for (const name of CONSUMPTION) {
      const { watermark, ...rest } = streamOf(await syncDevin(home, [name]), name);
      expect(rest).toMatchObject(QUIET);
      expect(watermark).toBe('2026-06-15T08:00:00.000Z');
    }
  });

  // A figure that did not change takes a null beside it where the record did: the loader compares by the
  // organization of the record, which is not that of the figure.
  long('the current day of an organization grows', async () => {
    const { sandbox, clock } = await devinSandbox({ days: 20 });
    const home = await devinHome(sandbox, { start: '2026-06-01' });
    await syncDevin(home, CONSUMPTION);
    clock.at += 5 * HOUR;
    await syncDevin(home, CONSUMPTION);
    const from = Date.UTC(2026, 4, 31, 8);
    expect(differences(await stored(home), served(sandbox, from))).toEqual(NONE);
  });

  test('cycles are things with a beginning and an end', async () => {
    const { sandbox } = await devinSandbox({ days: 100 });
    const home = await devinHome(sandbox);
    await syncDevin(home, ['consumption-cycles']);
    const rows = await select(
      home,
      `select attributes from entity_history where entity_type = 'billing_cycle' and valid_to is null`,
    );
    const cycles = rows.map(({ attributes }) => JSON.parse(String(attributes)) as object);
    expect(cycles.length).toBeGreaterThan(3);
    expect(cycles).toEqual(expect.arrayContaining(sandbox.devin.consumption.cycles()));
    expect(cycles).toHaveLength(sandbox.devin.consumption.cycles().length);
  });
});
