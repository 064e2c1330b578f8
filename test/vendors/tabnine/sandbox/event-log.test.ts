import { describe, expect, test } from 'vitest';
import { TabnineVendor } from '../../../../src/vendors/tabnine/sandbox/vendor.ts';

const NOW = Date.UTC(2025, 5, 10, 12);
const vendorWith = (events: number): TabnineVendor => new TabnineVendor({ events, now: () => NOW });

function textsOf(seed: number): string[] {
  const { events } = new TabnineVendor({ seed, events: 300, now: () => NOW });
  return events.slice(-Infinity, Infinity, 'asc', 0, 300);
}

describe('changes', () => {
  test('an event that belongs in the middle is put there', () => {
    const { events } = vendorWith(100);
    const time = events.times[50] ?? 0;
    events.insert({ id: 'mine', timestamp: new Date(time).toISOString() });
    expect(events.count).toBe(101);
    expect(events.ids(time, time + 1).at(-1)).toBe('mine');
    expect([...events.times]).toEqual([...events.times].toSorted((a, b) => a - b));
  });

  test('remove takes generated and inserted events away', () => {
    const { events } = vendorWith(100);
    const [first = '', second] = events.ids();
    events.insert({ id: 'mine', timestamp: new Date(NOW).toISOString() });
    expect([events.remove(first), events.remove('mine'), events.remove('none')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([events.count, events.ids()[0]]).toEqual([99, second]);
  });

  test('replace keeps the place and what is not changed', () => {
    const { events } = vendorWith(100);
    const before = events.ids();
    const id = before[40] ?? '';
    expect(events.replace(id, { eventType: 'changed' })).toBe(true);
    expect(events.ids()).toEqual(before);
    const changed = JSON.parse(events.slice(-Infinity, Infinity, 'asc', 40, 1)[0] ?? '');
    expect(changed).toMatchObject({ id, eventType: 'changed', actor: expect.anything() });
  });

  test('replace with another time moves the event', () => {
    const { events } = vendorWith(100);
    const id = events.ids()[0] ?? '';
    events.replace(id, { timestamp: new Date(NOW + 1000).toISOString() });
    expect([events.count, events.ids().at(-1)]).toEqual([100, id]);
    expect(events.remove(id)).toBe(true);
  });

  test('retention removes the oldest', () => {
    const { events } = vendorWith(100);
    const time = events.times[30] ?? 0;
    const removed = events.removeBefore(time);
    expect(events.times[0]).toBe(time);
    expect(events.count).toBe(100 - removed);
  });

  test('an event without a time is refused', () => {
    expect(() => vendorWith(1).events.insert({ id: 'x' })).toThrow('{time, json}');
  });
});

describe('generated events', () => {
  test('the same seed makes the same, another seed another', () => {
    expect(textsOf(1)).toEqual(textsOf(1));
    expect(textsOf(2)).not.toEqual(textsOf(1));
    expect(new TabnineVendor({ seed: 3 }).users).not.toEqual(new TabnineVendor({ seed: 4 }).users);
  });

  test('refer to the directory, span the days, and have ties, unknown types and nameless actors', () => {
    const vendor = vendorWith(5_000);
    const events = vendor.events
      .slice(-Infinity, Infinity, 'asc', 0, 5_000)
      .map((text) => JSON.parse(text));
    const users = new Map(vendor.users.map((user) => [user.id, user]));
    for (const { id, timestamp, actor } of events) {
      expect(id).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
      if (actor.type !== 'user') continue;
      const gone = users.get(actor.id)?.deactivatedAt ?? null;
      if (gone !== null) expect(timestamp < gone).toBe(true);
      expect(actor.email).toBe(users.get(actor.id)?.email);
    }
    const share = (chosen: unknown[]): number => chosen.length / events.length;
    const nameless = events.filter(({ actor }) => typeof actor.displayName !== 'string');
    expect(share(nameless)).toBeCloseTo(0.5, 1);
    expect(share(events.filter(({ actor }) => actor.type !== 'user'))).toBeGreaterThan(0.01);
    expect(
      share(events.filter(({ eventType }) => /^(team_member|role)\./.test(eventType))),
    ).toBeCloseTo(0.7, 1);
    expect(new Set(events.map(({ id }) => id)).size).toBe(5_000);
    expect(new Set(vendor.events.times).size).toBeLessThan(5_000);
    expect((vendor.events.times[0] ?? 0) - (NOW - 30 * 86_400_000)).toBeLessThan(86_400_000);
    expect(vendor.events.times.at(-1)).toBeLessThan(NOW);
    const size = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0);
    expect(size / events.length).toBeGreaterThan(500);
    expect(size / events.length).toBeLessThan(600);
  });

  test('a million are there at once, and any of them can be found', () => {
    const { events } = vendorWith(1_000_000);
    const [text = ''] = events.slice(-Infinity, Infinity, 'asc', 765_432, 1);
    expect(events.remove(JSON.parse(text).id)).toBe(true);
    expect(events.count).toBe(999_999);
  });
});

test('people have names and addresses of their own', () => {
  const { users } = new TabnineVendor({ events: 0, users: 1_000 });
  for (const key of ['id', 'username', 'email'] as const) {
    expect(new Set(users.map((user) => user[key])).size).toBe(1_000);
  }
});
