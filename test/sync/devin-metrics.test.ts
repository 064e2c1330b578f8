import { expect, test } from 'vitest';
import type { Metric } from '../../src/vendors/devin/sandbox/metrics/metrics.ts';
import { devinHome, devinSandbox, QUIET, syncDevin, WEEK } from './devin-support.ts';
import { DAY, select } from './support.ts';
import { differences, NONE } from './usage-support.ts';

const LISTS = { dau: ['daily', DAY], wau: ['weekly', WEEK], mau: ['monthly', 0] } as const;
const TOTALS = ['active-users', 'sessions', 'prs', 'searches', 'usage'] as const;

/** The numbers of an answer under the names that its fields give them. */
function numbersOf(value: object, path: string): [string, number][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, number][] => {
    if (key === 'start_time' || key === 'end_time') return [];
    if (typeof inner === 'number') return [[`${path}.${key}`, inner]];
    return typeof inner === 'object' && inner !== null ? numbersOf(inner, `${path}.${key}`) : [];
  });
}

test('metrics: periods of a calendar and totals of each UTC day', async () => {
  const { sandbox, clock } = await devinSandbox({ days: 100, users: 5 });
  const from = Date.UTC(2026, 4, 14);
  const home = await devinHome(sandbox, { start: '2026-05-14' });
  const expected = (name: Metric, start: number, end: number): object =>
    sandbox.devin.metrics.expected(name, { from: start / 1000, to: end / 1000 });
  const streams = [...Object.keys(LISTS), ...TOTALS].map((name) => `metrics-${name}`);
  await syncDevin(home, streams);

  const lines: string[] = [];
  for (const [name, [granularity]] of Object.entries(LISTS)) {
    const periods = expected(name as Metric, from, clock.at) as Record<string, number>[];
    for (const { start_time: start, end_time: end, active_users: users } of periods) {
      lines.push(`${granularity} ${start} ${Number(end) + 1} ${name}.active_users ${users}`);
    }
  }
  for (const name of TOTALS) {
    for (let day = from; day < clock.at; day += DAY) {
      const head = `daily ${day / 1000} ${(day + DAY) / 1000}`;
      for (const [metric, value] of numbersOf(
        expected(name, day, day + DAY),
        name.replace('-', '_'),
      )) {
        lines.push(`${head} ${metric} ${value}`);
      }
    }
  }
  const rows = await select(
    home,
    `select concat_ws(' ', granularity, epoch(period_start)::bigint, epoch(period_end)::bigint, metric) as line, value
     from usage_metrics where dataset = 'metrics' and scope = 'enterprise'`,
  );
  const have = rows.map(({ line, value }) => `${String(line)} ${String(value)}`).toSorted();
  expect(lines.length).toBeGreaterThan(300);
  expect(differences(have, lines.toSorted())).toEqual(NONE);
  for (const result of (await syncDevin(home, streams)).streams)
    expect(result).toMatchObject(QUIET);
});
