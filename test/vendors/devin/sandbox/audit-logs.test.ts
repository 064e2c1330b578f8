import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KNOWN_ACTIONS, UNNAMED_ACTIONS } from '../../../../src/vendors/devin/sandbox/actions.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { DEVIN_LOGS, type DevinPage, ENTERPRISE, ask, firstOf, read, readAll } from './client.ts';

const NOW = Date.UTC(2026, 6, 20, 12);
const SECOND = NOW / 1000;
const DAY = 86_400;
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 10, now: () => NOW });
});
afterEach(() => sandbox.close());

const page = (query: Record<string, string | number> = {}): Promise<DevinPage> =>
  read<DevinPage>(sandbox, DEVIN_LOGS, query);

describe('a page', () => {
  test('holds the newest hundred without parameters', async () => {
    const all = sandbox.devin.events.all();
    const { items, total, has_next_page, end_cursor } = await page();
    expect(items).toEqual(all.slice(-100).toReversed());
    expect([total, has_next_page, typeof end_cursor]).toEqual([2_000, true, 'string']);
  });

  test.each(['asc', 'desc'] as const)('%s pages hold every event once', async (order) => {
    const all = sandbox.devin.events.all();
    const expected = order === 'asc' ? all : all.toReversed();
    expect(await readAll(sandbox, DEVIN_LOGS, { order, first: 200 })).toEqual(expected);
  });

  test('the last has no cursor', async () => {
    sandbox.devin.events.add({ audit_log_id: 'a', created_at: SECOND + 5 });
    expect(await page({ time_after: SECOND + 5 })).toMatchObject({
      end_cursor: null,
      has_next_page: false,
      total: 1,
    });
  });

  test('what a test put in arrives byte for byte', async () => {
    const hostile = '{ "audit_log_id":"x" , "n":12345678901234567890.10,"s":"\\ud800 Š ]},{" }';
    sandbox.devin.events.add({ time: SECOND, json: hostile });
    sandbox.devin.events.add({ time: SECOND, json: 'null' });
    const { text } = await fetchText({ time_after: SECOND, order: 'asc' });
    expect(text).toBe(
      `{"items":[${hostile},null],"end_cursor":null,"has_next_page":false,"total":2}`,
    );
  });
});

const fetchText = (query: Record<string, string | number>): Promise<{ text: string }> =>
  ask(sandbox, DEVIN_LOGS, query);

describe('the history', () => {
  test('has whole seconds, and more events in one of them than a page can hold', () => {
    const times = sandbox.devin.events.all().map(({ created_at }) => created_at);
    expect(times.every((time) => Number.isInteger(time))).toBe(true);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const counts = new Map<number, number>();
    for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBeGreaterThan(200);
  });

  test('has actions of every kind, some of which no reference names', () => {
    const actions = new Set(sandbox.devin.events.all().map(({ action }) => action));
    expect(UNNAMED_ACTIONS.filter((action) => actions.has(action))).not.toEqual([]);
    expect(actions).toContain('ai_guardrail_violation');
    expect(actions.size).toBeGreaterThan(60);
    expect(KNOWN_ACTIONS).toHaveLength(new Set(KNOWN_ACTIONS).size);
  });

  test('has all keys in each event, and ids of their own', () => {
    const all = sandbox.devin.events.all();
    for (const event of all) {
      expect(Object.keys(event)).toEqual([
        'action',
        'audit_log_id',
        'created_at',
        'data',
        'org_id',
        'service_user_id',
        'service_user_name',
        'user_email',
        'user_id',
      ]);
      expect(event.audit_log_id).toMatch(/^audit_log-[0-9a-f]{32}$/);
    }
    expect(new Set(all.map(({ audit_log_id: id }) => id)).size).toBe(all.length);
  });

  test('has people, service users, the system, and the enterprise itself', () => {
    const all = sandbox.devin.events.all();
    const { organizations, deletedOrganizations } = sandbox.devin;
    expect(all.some((event) => event.user_id?.includes('|') && event.user_email)).toBe(true);
    expect(all.some((event) => event.service_user_id && event.service_user_name)).toBe(true);
    expect(all.some((event) => event.user_id === null && event.service_user_id === null)).toBe(
      true,
    );
    expect(new Set(all.map((event) => event.org_id))).toEqual(
      new Set([null, ...[...organizations, ...deletedOrganizations].map(({ org_id }) => org_id)]),
    );
  });

  test.each([
    ['assign_roles', ['target_user_id', 'roles']],
    ['send_message', ['session_id']],
    ['create_session', ['session_id', 'repo']],
    ['ai_guardrail_violation', ['session_id', 'guardrail_id', 'violation']],
    ['login', []],
  ])('%s has data of its own', (action, keys) => {
    const found = sandbox.devin.events.all().filter((event) => event.action === action);
    expect(Object.keys(firstOf(found).data)).toEqual(keys);
  });

  test('is the same for the same seed', async () => {
    const again = await startSandbox({ events: 10, now: () => NOW });
    expect(again.devin.events.all()).toEqual(sandbox.devin.events.all());
    await again.close();
  });
});

describe('windows', () => {
  const LIST = {
    detail: [{ loc: ['query', 'time_before'], msg: expect.any(String), type: 'value_error' }],
  };
  test.each([
    ['an end without a beginning', { time_before: SECOND }],
    ['more than 100 days', { time_after: SECOND - 100 * DAY - 1, time_before: SECOND }],
  ])('%s', async (_name, query) => {
    expect(await ask(sandbox, DEVIN_LOGS, query)).toMatchObject({ status: 422, body: LIST });
    sandbox.devin.quirks.windowError = 400;
    expect(await ask(sandbox, DEVIN_LOGS, query)).toMatchObject({
      status: 400,
      body: { detail: expect.any(String) },
    });
  });

  test('100 days and an open end are allowed', async () => {
    const query = { time_after: SECOND - 100 * DAY, time_before: SECOND, first: 1 };
    const expected = sandbox.devin.events
      .all()
      .filter(({ created_at: at }) => at >= query.time_after);
    expect((await page(query)).total).toBe(expected.length);
    expect((await page({ time_after: SECOND - 150 * DAY })).total).toBeGreaterThan(expected.length);
  });

  test.each([
    ['inclusive', 'exclusive', ['e0', 'e1']],
    ['inclusive', 'inclusive', ['e0', 'e1', 'e2']],
    ['exclusive', 'inclusive', ['e1', 'e2']],
    ['exclusive', 'exclusive', ['e1']],
  ] as const)('bounds %s and %s', async (timeAfter, timeBefore, ids) => {
    const { events, quirks } = sandbox.devin;
    Object.assign(quirks, { timeAfter, timeBefore });
    for (const second of [0, 1, 2])
      events.add({ audit_log_id: `e${second}`, created_at: SECOND + 10 + second });
    const query = { time_after: SECOND + 10, time_before: SECOND + 12, order: 'asc' };
    const { items } = await page(query);
    expect(items.map(({ audit_log_id: id }) => id)).toEqual(ids);
  });
});

describe('parameters', () => {
  test.each([
    ['first', '0'],
    ['first', '201'],
    ['first', 'ten'],
    ['order', 'newest'],
    ['action', 'no_such_action'],
    ['action', UNNAMED_ACTIONS[0] ?? ''],
    ['time_after', '2026-01-01'],
    ['time_after', '1.5'],
    ['after', 'no-cursor'],
  ])('%s=%s is refused', async (name, value) => {
    expect(await ask(sandbox, DEVIN_LOGS, { [name]: value })).toMatchObject({
      status: 422,
      body: {
        detail: [{ loc: ['query', name], msg: expect.any(String), type: expect.any(String) }],
      },
    });
  });

  test('unknown ones are ignored', async () => {
    expect(await page({ limit: 1, start_time: 5 })).toEqual(await page());
  });

  test('a cursor fits only what it was made for', async () => {
    const { end_cursor: after } = await page({ order: 'asc' });
    const good = { order: 'asc', after: after ?? '' };
    expect((await page({ ...good, first: 7 })).items).toHaveLength(7);
    const others = [{ order: 'desc' }, { time_after: 5 }, { action: 'login' }];
    for (const other of others) {
      expect((await ask(sandbox, DEVIN_LOGS, { ...good, ...other })).status).toBe(422);
    }
    expect((await ask(sandbox, `${ENTERPRISE}/roles`, { after: after ?? '' })).status).toBe(422);
  });

  test('action filters', async () => {
    const query = { action: 'login', order: 'asc', first: 50 };
    const expected = sandbox.devin.events.all().filter(({ action }) => action === 'login');
    expect(await readAll(sandbox, DEVIN_LOGS, query)).toEqual(expected);
    expect((await page(query)).total).toBe(expected.length);
  });
});

test.each(['asc', 'desc'])('the log of one organization, %s', async (order) => {
  const { organizations, events } = sandbox.devin;
  const { org_id } = firstOf(organizations);
  const path = `${ENTERPRISE}/organizations/${org_id}/audit-logs`;
  const expected = events.all().filter((event) => event.org_id === org_id);
  const found = await readAll(sandbox, path, { order, first: 30 });
  expect(found).toEqual(order === 'asc' ? expected : expected.toReversed());
  expect(found.length).toBeGreaterThan(100);
});
