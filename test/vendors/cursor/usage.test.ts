/** Usage: rows without ids, pages that count people, and what may be read twice. */
import { expect, test } from 'vitest';
import { long } from '../../long.ts';
import { DAY, keysOf, NOW, Opened } from './opened.ts';

const texts = (records: readonly { bytes: Buffer }[]): string[] =>
  records.map(({ bytes }) => bytes.toString()).toSorted();

test.each(['newest-first', 'oldest-first'] as const)(
  'every call comes as often as it was made, %s, and has the same key in every reading',
  async (usageOrder) => {
    const opened = await Opened.make({ events: 0, users: 60, days: 12 });
    opened.vendor.quirks.usageOrder = usageOrder;
    await opened.identify();
    const read = await opened.read('usage-events', 10);
    const made = opened.vendor.usage.events(NOW - 10.5 * DAY, NOW - 3 * 3_600_000 - 1, NOW);
    expect(texts(read.records)).toEqual(made.map((event) => JSON.stringify(event)).toSorted());
    // Among them calls that are alike in everything.
    expect(new Set(texts(read.records)).size).toBeLessThan(made.length);
    expect(keysOf(read)).toHaveLength(made.length);
    expect(
      keysOf(await opened.read('usage-events', 3)).every((key) => keysOf(read).includes(key)),
    ).toBe(true);
  },
);

long('a busy day is read hour by hour, and keeps its keys', async () => {
  const opened = await Opened.make({ events: 0, users: 3, days: 3 });
  const start = NOW - 12 * 3_600_000 - DAY;
  const event = (n: number) => ({
    timestamp: String(start + (n % 5_000) * 17_000),
    userEmail: 'ann@acme.test',
    chargedCents: n % 7,
  });
  for (let n = 0; n < 24_000; n += 1) opened.vendor.usage.inserted.push(event(n));
  await opened.identify();
  const read = await opened.read('usage-events', 1);
  const parts = read.pages.flatMap(({ part }) => part ?? []);
  expect(parts).toEqual(['2026-06-14', '2026-06-15']);
  const ofDay = read.records.filter(({ key }) => key.startsWith('2026-06-14/'));
  expect(new Set(ofDay.map(({ key }) => key)).size).toBe(ofDay.length);
  expect(ofDay.length).toBeGreaterThan(24_000);
});

test('a day into which calls come while it is read has none twice', async () => {
  const opened = await Opened.make({ events: 0, users: 3, days: 3 });
  const at = NOW - 2 * DAY;
  const event = (n: number) => ({
    timestamp: String(at + n),
    userEmail: 'ann@acme.test',
    chargedCents: n,
  });
  for (let n = 0; n < 2_500; n += 1) opened.vendor.usage.inserted.push(event(n));
  await opened.identify();
  let late = 0;
  opened.vendor.onRequest = () => {
    if (late < 2) opened.vendor.usage.inserted.push(event(5_000 + late++));
  };
  const read = await opened.read('usage-events', 2);
  const own = texts(read.records).filter((text) => text.includes('ann@acme.test'));
  expect(new Set(own).size).toBe(own.length);
  expect(own).toHaveLength(2_502);
});

test.each([1_000, 100])(
  'daily usage has everybody on every day; a page may count %i people',
  async (most) => {
    const opened = await Opened.make({ events: 0, users: 230, days: 20 });
    opened.vendor.quirks.dailyPageMost = most;
    await opened.identify();
    const read = await opened.read('daily-usage', 12);
    expect(keysOf(read)).toHaveLength(230 * 13);
    expect(opened.quirks).toEqual(most === 100 ? ['page-capped'] : []);
  },
);

test.each(['createdAt', 'commitTs'] as const)(
  'a commit comes once, whichever time it is asked by: %s',
  async (filter) => {
    const opened = await Opened.make({ events: 0, users: 40, days: 20 });
    opened.vendor.quirks.commitFilter = filter;
    await opened.identify();
    const read = await opened.read('ai-code-commits', 15);
    expect(keysOf(read)).toHaveLength(read.records.length);
    const hashes = read.records.map(
      ({ bytes }) => (JSON.parse(bytes.toString()) as { commitHash: string }).commitHash,
    );
    expect(new Set(hashes).size).toBeLessThan(hashes.length);
    expect(read.records.some(({ bytes }) => bytes.includes('Zebulon'))).toBe(false);
    expect(opened.quirks).toEqual(filter === 'commitTs' ? ['by-commit-time'] : []);
  },
);

test('nothing that writes is ever asked, whatever the vendor answers', async () => {
  const opened = await Opened.make({ events: 20, days: 3 });
  await opened.identify();
  for (const { name } of opened.reader.streams) await opened.read(name, 2);
  const posts = opened.vendor.requests.filter(({ method }) => method === 'POST');
  expect([...new Set(posts.map(({ path }) => path))].toSorted()).toEqual([
    '/teams/daily-usage-data',
    '/teams/filtered-usage-events',
    '/teams/spend',
  ]);
  expect(opened.vendor.writes).toEqual([]);
});
