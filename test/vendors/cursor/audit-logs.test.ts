/** The audit log, in whatever way the vendor turns out to serve it. */
import { expect, test } from 'vitest';
import type { Quirks } from '../../../src/vendors/cursor/sandbox/quirks.ts';
import { DAY, keysOf, NOW, Opened } from './opened.ts';

/** So many of them in one millisecond that they take several pages. */
function tie(opened: Opened, count: number, at: number): void {
  for (let n = 0; n < count; n += 1) {
    opened.vendor.events.insert({
      event_id: `tied-${n}`,
      timestamp: new Date(at).toISOString(),
      user_email: 'ann@acme.test',
      event_type: 'login',
      event_data: {},
    });
  }
}

const WAYS: [string, Partial<Quirks>, string[]][] = [
  ['as documented', {}, []],
  ['newest first', { auditOrder: 'newest-first' }, ['newest-first']],
  ['without the instant of the end', { auditBounds: 'end-exclusive' }, []],
  ['without either bound', { auditBounds: 'exclusive' }, []],
  ['in short pages', { pageCap: 40 }, []],
  ['without a word on further pages', { hasNextPage: 'absent', pageCap: 40 }, []],
  ['for an account that is not named', { echoesTeam: false }, ['account-unnamed']],
];

test.each(WAYS)('every event comes, %s', async (_way, quirks, met) => {
  const opened = await Opened.make({ events: 300, days: 60 });
  Object.assign(opened.vendor.quirks, quirks);
  tie(opened, 90, NOW - 10 * DAY);
  await opened.identify();
  const read = await opened.read('audit-logs');
  expect(keysOf(read)).toEqual(opened.vendor.events.ids().toSorted());
  expect(read.pages.at(-1)?.place).toBe(NOW);
  expect(opened.quirks).toEqual(met);
});

const KEPT: [Quirks['auditRetention'], string[]][] = [
  [null, []],
  [{ days: 118, answer: 'empty' }, []],
  [{ days: 118, answer: 'clamped' }, ['start-clamped']],
  [{ days: 118, answer: 400 }, ['start-refused']],
];

test.each(KEPT)('a first reading goes back as far as there is anything: %j', async (kept, met) => {
  // Two months in the middle are empty.
  const opened = await Opened.make({ events: 200, days: 40, until: NOW - 110 * DAY });
  opened.vendor.quirks.auditRetention = kept;
  tie(opened, 3, NOW - 5 * DAY);
  await opened.identify();
  const since = opened.vendor.requests.length;
  const read = await opened.read('audit-logs', Infinity);
  const oldest = kept === null ? 0 : NOW - kept.days * DAY;
  const { first, count } = opened.vendor.events.slots(oldest, NOW);
  expect(keysOf(read)).toHaveLength(count);
  expect(first >= 0 && count > 0).toBe(true);
  expect(opened.quirks).toEqual(met);
  expect(opened.vendor.requests.length - since).toBeLessThan(25);
});

test('the oldest event is found in a few questions', async () => {
  const opened = await Opened.make({ events: 2_000, days: 400 });
  await opened.identify();
  const since = opened.vendor.requests.length;
  const log = opened.reader.streams.find(({ name }) => name === 'audit-logs');
  const oldest = await log?.oldest?.(NOW);
  expect(oldest).toBe(Date.parse(opened.vendor.events.at(0).timestamp));
  expect(opened.vendor.requests.length - since).toBeLessThan(14);
});

test('a 401 of a key that is accepted elsewhere is about the endpoint; else the key is refused', async () => {
  const opened = await Opened.make({ events: 5 });
  opened.vendor.quirks.unavailable = { '/teams/spend': 401 };
  await opened.identify();
  await expect(opened.read('spend')).rejects.toMatchObject({ fault: 'forbidden', status: 401 });
  opened.vendor.quirks.unavailable = { '/': 401 };
  await expect(opened.read('members')).rejects.toMatchObject({ fault: 'refused' });
});

test('whose account it is stays the same, though the log that says it cannot be read', async () => {
  const opened = await Opened.make({ events: 5 });
  const { teamId } = opened.vendor;
  expect(await opened.identify()).toBe(String(teamId));
  opened.vendor.quirks.unavailable = { '/teams/audit-logs': 403 };
  expect(await opened.identify(String(teamId))).toBe(String(teamId));
  const unsaid = await opened.identify();
  opened.vendor.quirks.unavailable = {};
  expect(await opened.identify(unsaid)).toBe(unsaid);
  opened.vendor.quirks.unavailable = { '/': 403 };
  await expect(opened.identify()).rejects.toMatchObject({ fault: 'forbidden' });
});

test('an organization’s log has the events of all teams and of none', async () => {
  const opened = await Opened.make({ events: 50 }, ['organization']);
  opened.vendor.quirks.keyOf = 'organization';
  await opened.identify();
  expect(keysOf(await opened.read('audit-logs'))).toHaveLength(50);
  expect(opened.vendor.requests.every(({ path }) => path.startsWith('/organizations/'))).toBe(true);
});
