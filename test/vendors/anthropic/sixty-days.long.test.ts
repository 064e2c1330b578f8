/** Two months of an organization whose pages are short and whose answers fail: everything once, and right. */
import { expect, test } from 'vitest';
import type { FaultKind } from '../../../src/sandbox/faults.ts';
import { DAY, NOW, Reading } from './support.ts';

const KINDS: FaultKind[] = [
  '429',
  '429-retry-after',
  '500',
  'html-502',
  'reset',
  'cut',
  'json-cut',
];

const NOBODY = { organization_id: null, organization_uuid: null, actor: { type: 'system_actor' } };

function tie(reading: Reading, name: string, count: number, at: number): void {
  for (let n = 0; n < count; n += 1) {
    const created_at = new Date(at).toISOString();
    const id = `activity_${name}_${String(n).padStart(4, '0')}`;
    reading.vendor.feed.add({ id, created_at, type: 'user_logged_out', ...NOBODY });
  }
}

async function expectAll(reading: Reading): Promise<void> {
  const ids = reading.vendor.feed.all().map(({ id }) => id);
  const found = await reading.query<{ event_id: string }>(
    'select event_id from audit_events order by event_id',
  );
  expect(found.map(({ event_id }) => event_id)).toEqual(ids.toSorted());
}

test.each(KINDS)('one answer in twenty fails by %s', { timeout: 600_000 }, async (kind) => {
  const reading = await Reading.of({ events: 3_000, users: 12, days: 60 }, 61);
  const { vendor } = reading;
  Object.assign(vendor.quirks, { pageCap: 90, emptyPages: true, echoes: false });
  Object.assign(vendor.faults, { rate: 0.05, kinds: [kind], seed: 7 });
  tie(reading, 'tied', 400, NOW - 20 * DAY);
  await reading.sync();
  await expectAll(reading);

  tie(reading, 'late', 5, NOW - 6 * 3_600_000);
  reading.now += 3_600_000;
  await reading.sync();
  const third = await reading.sync();
  expect(third.streams.filter(({ new_records }) => new_records > 0)).toEqual([]);
  await expectAll(reading);
  const sums = await reading.query(
    `select dataset, scope, round(sum(value), 6) as usd from usage_metrics
     where dataset in ('costs', 'enterprise-costs') and metric = 'amount' and tool is null and model is null
     group by all order by all`,
  );
  expect(new Set(sums.map(({ usd }) => usd)).size).toBe(1);
  expect(await reading.query('select * from anomalies')).toEqual([]);
});

test(
  'what reading itself leaves in the feed is marked, and does not grow by itself',
  { timeout: 600_000 },
  async () => {
    const reading = await Reading.of({ events: 50, users: 4, days: 10 });
    reading.vendor.quirks.echoes = true;
    const counts: number[] = [];
    for (let night = 0; night < 4; night += 1) {
      const report = await reading.sync(['audit-logs']);
      counts.push(report.streams[0]?.new_records ?? -1);
      reading.now += DAY;
    }
    // Each night the requests of the night before: a handful, and never more than were made.
    expect(counts.slice(1).every((count) => count > 0 && count <= 20)).toBe(true);
    expect(counts[3]).toBeLessThanOrEqual(counts[2] ?? 0);
    expect(
      await reading.query(
        `select distinct details ->> 'own_reading' as own from audit_events where action = 'compliance_api_accessed'`,
      ),
    ).toEqual([{ own: 'true' }]);
  },
);
