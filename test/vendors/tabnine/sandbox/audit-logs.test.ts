import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../sandbox/start.ts';
import { AUDIT_LOGS, type Page, get, getJson } from './client.ts';

const NOW = Date.UTC(2025, 5, 10, 12);
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ events: 2_500, now: () => NOW });
});
afterEach(() => sandbox.close());

const times = (page: Page): number[] => page.items.map(({ timestamp }) => Date.parse(timestamp));
const at = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');

describe('a page', () => {
  test('holds the newest fifty without parameters', async () => {
    const page = await getJson<Page>(sandbox, AUDIT_LOGS);
    expect(page).toMatchObject({ total: 2_500, limit: 50, offset: 0 });
    expect(times(page)).toEqual(Array.from(sandbox.tabnine.events.times.slice(-50).toReversed()));
  });

  test('pages in ascending order hold every event once', async () => {
    const ids: string[] = [];
    for (let offset = 0; ; offset += 1000) {
      const { items } = await getJson<Page>(sandbox, AUDIT_LOGS, {
        sort: 'asc',
        limit: 1000,
        offset,
      });
      if (items.length === 0) break;
      ids.push(...items.map(({ id }) => id));
    }
    expect(ids).toEqual(sandbox.tabnine.events.ids());
    expect(new Set(ids).size).toBe(2_500);
  });

  test('from is inclusive and to exclusive', async () => {
    const { events } = sandbox.tabnine;
    for (const second of [0, 1, 2])
      events.insert({ id: `edge-${second}`, timestamp: at(NOW + second * 1000) });
    const window = { from: at(NOW), to: at(NOW + 2000), sort: 'asc' };
    const { items, total } = await getJson<Page>(sandbox, AUDIT_LOGS, window);
    expect(items.map(({ id }) => id)).toEqual(['edge-0', 'edge-1']);
    expect(total).toBe(2);
  });

  test('events of one instant keep the order in which they came', async () => {
    const { events } = sandbox.tabnine;
    for (const id of ['a', 'b', 'c']) events.insert({ id, timestamp: at(NOW) });
    const { items } = await getJson<Page>(sandbox, AUDIT_LOGS, { from: at(NOW), sort: 'asc' });
    expect(items.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('what a test put in arrives byte for byte', async () => {
    const hostile =
      '{ "id":"x" , "n":12345678901234567890.10,"s":"\\ud800 Šárka ]},{" ,\n"id":"y"}';
    sandbox.tabnine.events.insert({ time: NOW, json: hostile });
    sandbox.tabnine.events.insert({ time: NOW, json: 'null' });
    const { text } = await get(sandbox, AUDIT_LOGS, { from: at(NOW), sort: 'asc' });
    expect(text).toBe(`{"items":[${hostile},null],"total":2,"limit":50,"offset":0}`);
  });
});

describe('filters', () => {
  test.each(['eventType', 'actorId', 'actorEmail', 'resourceType', 'resourceId'])(
    '%s',
    async (name) => {
      const { events, users } = sandbox.tabnine;
      const user = users[4];
      const values: Record<string, string | undefined> = {
        eventType: 'role.assigned',
        actorId: user?.id,
        actorEmail: user?.email,
        resourceType: 'team',
        resourceId: user?.id,
      };
      const value = values[name] ?? '';
      const all = events
        .slice(-Infinity, Infinity, 'asc', 0, 2_500)
        .map((text) => JSON.parse(text));
      const [outer, inner = ''] = name.split(/(?=[IET])/);
      const expected = all.filter((event) =>
        name === 'eventType'
          ? event.eventType === value
          : event[outer ?? '']?.[inner.toLowerCase()] === value,
      );
      const page = await getJson<Page>(sandbox, AUDIT_LOGS, {
        [name]: value,
        sort: 'asc',
        limit: 1000,
      });
      expect(expected.length).toBeGreaterThan(0);
      expect(page.total).toBe(expected.length);
      expect(page.items).toEqual(expected.slice(0, 1000));
    },
  );

  test('reach events that a test put in', async () => {
    sandbox.tabnine.events.insert({ id: 'mine', timestamp: at(NOW), eventType: 'sso.updated' });
    const { items } = await getJson<Page>(sandbox, AUDIT_LOGS, { eventType: 'sso.updated' });
    expect(items).toEqual([{ id: 'mine', timestamp: at(NOW), eventType: 'sso.updated' }]);
  });
});

test('csv has seven columns and the filters of json', async () => {
  sandbox.tabnine.events.insert({ id: 'a,"b"', timestamp: at(NOW), eventType: 'x' });
  const { headers, text } = await get(sandbox, AUDIT_LOGS, { format: 'csv', from: at(NOW) });
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(text).toBe(
    `id,timestamp,eventType,actor.id,actor.email,resource.type,resource.id\n"a,""b""",${at(NOW)},x,,,,\n`,
  );
});

describe('bad parameters', () => {
  const bad: Record<string, string>[] = [
    { from: '2025-06-02T00:00:00Z', to: '2025-06-01T00:00:00Z' },
    { from: '2025-06-02T00:00:00Z', to: '2025-06-02T00:00:00Z' },
    { limit: '0' },
    { limit: '1001' },
    { limit: 'ten' },
    { offset: '-1' },
    { sort: 'newest' },
    { format: 'xml' },
    { from: 'yesterday' },
    { resourceType: 'repository' },
  ];
  test.each(bad)('%o', async (query) => {
    const { status, text } = await get(sandbox, AUDIT_LOGS, query);
    expect(status).toBe(400);
    expect(Object.keys(JSON.parse(text))).toEqual(['error', 'message', 'requestId']);
    expect(JSON.parse(text)).toMatchObject({ error: 'invalid_request' });
  });

  test('fractional seconds are refused without saying why', async () => {
    const query = { from: '2025-06-01T00:00:00.000Z' };
    const { status, text } = await get(sandbox, AUDIT_LOGS, query);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ message: 'Bad Request' });
    sandbox.tabnine.quirks.rejectFractionalSeconds = false;
    expect((await get(sandbox, AUDIT_LOGS, query)).status).toBe(200);
  });
});
