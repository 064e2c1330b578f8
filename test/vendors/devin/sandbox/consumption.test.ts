import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Consumption } from '../../../../src/vendors/devin/sandbox/consumption/consumption.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { ENTERPRISE, ask, firstOf, read } from './client.ts';

const NOW = Date.UTC(2026, 6, 20, 20);
const DAY = 86_400;
const DAILY = `${ENTERPRISE}/consumption/daily`;
const FROM = Date.UTC(2026, 5, 1, 8) / 1000;
const TO = FROM + 30 * DAY;
const WINDOW = { time_after: FROM, time_before: TO };
let sandbox: Sandbox;
let now: number;

beforeEach(async () => {
  now = NOW;
  sandbox = await startSandbox({ events: 10, now: () => now, devin: { events: 10 } });
});
afterEach(() => sandbox.close());

const daily = (of = '', query: Record<string, number> = WINDOW): Promise<Consumption> =>
  read<Consumption>(sandbox, `${DAILY}${of}`, query);
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
const devinShare = ({ consumption_by_date: days }: Consumption): number =>
  sum(days.map(({ acus_by_product: products }) => products.devin));

test('days begin at 08:00 UTC in January as in July', async () => {
  const { consumption_by_date: days } = await daily('', { time_after: 0 });
  expect(days.length).toBeGreaterThan(190);
  expect(new Set(days.map(({ date }) => date % DAY))).toEqual(new Set([8 * 3_600]));
  const dates = days.map(({ date }) => new Date(date * 1000).toISOString());
  expect(dates).toContain('2026-01-15T08:00:00.000Z');
  expect(dates.at(-1)).toBe('2026-07-20T08:00:00.000Z');
});

test('a range holds the days that begin in it', async () => {
  const { consumption_by_date: days } = await daily();
  expect([days.length, days[0]?.date, days.at(-1)?.date]).toEqual([30, FROM, TO - DAY]);
  // An hour early, as by Pacific daylight time, it is another day at each end or none.
  const shifted = await daily('', { time_after: FROM + 1, time_before: TO + 1 });
  expect(shifted.consumption_by_date.map(({ date }) => date)).toEqual(
    days.map(({ date }) => date + DAY),
  );
});

test('without a range it is the current cycle', async () => {
  const { consumption_by_date: days } = await daily('', {});
  expect(days[0]?.date).toBe(Date.UTC(2026, 6, 1, 8) / 1000);
  expect(days).toHaveLength(20);
});

test('figures are fractions, and the products add up to them', async () => {
  const { total_acus, consumption_by_date: days } = await daily();
  expect(total_acus).toBeCloseTo(sum(days.map(({ acus }) => acus)), 6);
  for (const { acus, acus_by_product: products } of days) {
    const { devin, cascade, terminal, review } = products;
    expect(acus).toBeCloseTo(devin + cascade + terminal + (review ?? 0), 6);
  }
  expect(days.some(({ acus }) => !Number.isInteger(acus))).toBe(true);
});

test('review is a number, null or absent', async () => {
  const { consumption_by_date: days } = await daily('', { time_after: 0 });
  const kinds = days.map(({ acus_by_product: { review } }) =>
    review === undefined ? 'absent' : review === null ? 'null' : 'number',
  );
  expect(new Set(kinds)).toEqual(new Set(['absent', 'null', 'number']));
});

describe('the parts', () => {
  test('organizations have all of devin, and nothing of cascade and terminal', async () => {
    const whole = await daily();
    const parts = await Promise.all(
      sandbox.devin.organizations.map(({ org_id }) => daily(`/organizations/${org_id}`)),
    );
    expect(sum(parts.map(devinShare))).toBeCloseTo(devinShare(whole), 6);
    expect(sum(parts.map((part) => part.total_acus))).toBeLessThan(whole.total_acus - 10);
    for (const { acus_by_product: products } of parts.flatMap((part) => part.consumption_by_date)) {
      expect([products.cascade, products.terminal]).toEqual([0, 0]);
    }
  });

  test('users and service users have all of devin together', async () => {
    const { actors } = sandbox.devin;
    const parts = await Promise.all(
      actors.map(({ kind, id }) => daily(`/${kind}s/${encodeURIComponent(id)}`)),
    );
    expect(sum(parts.map(devinShare))).toBeCloseTo(devinShare(await daily()), 6);
  });

  test('a bar in an id must be escaped', async () => {
    const { id } = firstOf(sandbox.devin.actors);
    expect(id).toContain('|');
    expect((await ask(sandbox, `${DAILY}/users/${encodeURIComponent(id)}`)).status).toBe(200);
    expect((await ask(sandbox, `${DAILY}/users/${id}`)).status).toBe(404);
  });

  test('nobody and no organization', async () => {
    const { serviceUsers } = sandbox.devin;
    const service = firstOf(serviceUsers).service_user_id;
    expect((await ask(sandbox, `${DAILY}/users/${service}`)).status).toBe(404);
    expect((await ask(sandbox, `${DAILY}/service-users/nobody`)).status).toBe(404);
    expect((await ask(sandbox, `${DAILY}/organizations/org-none`)).status).toBe(403);
  });

  test('somebody who was added consumed nothing', async () => {
    const user = { user_id: 'email|new', email: null, name: null, role_assignments: [] };
    sandbox.devin.users.push(user);
    expect(await daily('/users/email%7Cnew')).toMatchObject({ total_acus: 0 });
  });
});

test('expected is what is served', async () => {
  const { consumption, organizations, actors } = sandbox.devin;
  const org = firstOf(organizations).org_id;
  const user = firstOf(actors).id;
  expect(await daily()).toEqual(consumption.expected('enterprise', undefined, FROM, TO));
  expect(await daily(`/organizations/${org}`)).toEqual(
    consumption.expected('organization', org, FROM, TO),
  );
  expect(await daily(`/users/${encodeURIComponent(user)}`)).toEqual(
    consumption.expected('user', user, FROM, TO),
  );
});

test('a restated day changes what it is part of', async () => {
  const { consumption, actors } = sandbox.devin;
  const user = firstOf(actors);
  const before = await daily();
  for (let day = 1; day <= 30; day++) {
    consumption.restate({ id: user.id, day: `2026-06-${String(day).padStart(2, '0')}`, factor: 0 });
  }
  expect(consumption.expected('user', user.id, FROM, TO).total_acus).toBe(0);
  expect((await daily()).total_acus).toBeLessThan(before.total_acus);
  expect(() => consumption.restate({ id: 'nobody', day: '2026-06-01', factor: 2 })).toThrow(
    'nobody',
  );
  expect(() => consumption.restate({ id: user.id, day: 'June', factor: 2 })).toThrow('not a day');
});

test('the current day grows', async () => {
  const today = { time_after: Date.UTC(2026, 6, 20, 8) / 1000 };
  const noon = (await daily('', today)).total_acus;
  now += 6 * 3_600_000;
  expect((await daily('', today)).total_acus).toBeGreaterThan(noon);
});

test('cycles are months from 08:00 UTC, without gaps', async () => {
  const { items } = await read<{ items: { after: number; before: number }[] }>(
    sandbox,
    `${ENTERPRISE}/consumption/cycles`,
  );
  expect(items[0]).toEqual({
    after: Date.UTC(2026, 6, 1, 8) / 1000,
    before: Date.UTC(2026, 7, 1, 8) / 1000,
  });
  expect(items.slice(0, -1).map(({ after }) => after)).toEqual(
    items.slice(1).map(({ before }) => before),
  );
});
