/** What the documents leave open of two answers: how a list is called, and how the time of a review. */
import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { rowsOf, TestArchive } from '../../load/archive.ts';
import { keysOf, Opened } from './opened.ts';

test('a review is of the day that it is served for, whatever its time is called', async () => {
  const opened = await Opened.make({ events: 0 });
  await opened.identify();
  const keys = keysOf(await opened.read('bugbot-reviews', 6));
  expect(keys.length).toBeGreaterThan(3);
  for (const reviewTime of ['created_at', 'at', null]) {
    opened.vendor.quirks.reviewTime = reviewTime;
    expect(keysOf(await opened.read('bugbot-reviews', 6))).toEqual(keys);
  }
});

test('what members spend by contract is read under each name of the list', async () => {
  const opened = await Opened.make({ events: 0, users: 130 }, ['organization']);
  opened.vendor.quirks.keyOf = 'organization';
  await opened.identify();
  for (const spendList of ['memberSpend', 'members', 'data']) {
    opened.vendor.quirks.spendList = spendList;
    const { records } = await opened.read('organization-spend', 1);
    expect(new Set(records.map(({ key }) => key)).size).toBe(130);
    expect(records[0]?.key).toMatch(/@acme\.test\/2026-01-01T00:00:00/);
  }
});

test('a free review costs nothing; one that does not say whether it is billed is', async () => {
  const archive = await TestArchive.open();
  try {
    archive.account = { source: 'acme', vendor: 'cursor' };
    const reviews = [
      { request_id: 'a', repo: 'acme/web', pr_number: 7, cost_cents: 150, billed: true },
      { request_id: 'b', repo: 'acme/web', pr_number: 8, cost_cents: 250, billed: false },
      { request_id: 'c', repo: 'acme/web', pr_number: 9, cost_cents: 50, bugs: 2 },
    ];
    await archive.add(
      'bugbot-reviews',
      reviews.map((record) => ({ key: `2026-06-01/${record.request_id}`, record })),
      { context: { day: '2026-06-01' } },
    );
    const { path } = await archive.load();
    const rows = await rowsOf(
      path,
      `select scope, scope_id, metric, unit, sum(value) as value from usage_metrics group by all order by metric`,
    );
    const common = { scope: 'project', scope_id: 'acme/web' };
    expect(rows).toEqual([
      { ...common, metric: 'bugs', unit: 'count', value: 2 },
      { ...common, metric: 'charged_cents', unit: 'USD', value: 2 },
      { ...common, metric: 'cost_cents', unit: 'USD', value: 4.5 },
      { ...common, metric: 'reviews', unit: 'count', value: 3 },
    ]);
  } finally {
    await rm(archive.home, { recursive: true });
  }
});
