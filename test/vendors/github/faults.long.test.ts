/** Two months of everything against a server that fails now and then, differs in all it may, and goes on meanwhile. */
import { expect, test } from 'vitest';
import { streamOf } from '../../harness.ts';
import { DAY, githubHome, HOUR, NOW } from './support.ts';

test('60 days with 5 % of faults: every event once, ties larger than a page, late ones once, figures restated', async () => {
  const { vendor, home, clock, sync } = await githubHome({ events: 6_000, days: 60, users: 40 });
  const { events, quirks, faults } = vendor;
  Object.assign(quirks, { mangledLinks: true, boundsExclusive: true, shards: 3, expiredLinks: 2 });
  const kinds = ['429-retry-after', '500', 'html-502', 'html-200', 'reset', 'cut', 'json-cut'];
  Object.assign(faults, { rate: 0.05, kinds });
  const put = (id: string, at: number): void =>
    events.add({ _document_id: id, '@timestamp': at, action: 'user.login' });
  for (let n = 0; n < 350; n += 1) put(`tie-${n}`, NOW - 20 * DAY);
  const first = await sync();
  expect(first.streams.filter(({ outcome }) => outcome !== 'complete')).toEqual([]);
  const served = (): string[] =>
    events
      .all()
      .filter((event) => !event.action.startsWith('git.') || event['@timestamp'] >= NOW - 7 * DAY)
      .map((event) => event['_document_id'])
      .toSorted();
  const stored = async (): Promise<string[]> => {
    const rows = await home.query<{ event_id: string; revision: number }>(
      'select event_id, revision from audit_events order by event_id',
    );
    expect(rows.filter(({ revision }) => revision > 1)).toEqual([]);
    return rows.map(({ event_id }) => event_id).toSorted();
  };
  expect(await stored()).toEqual(served());

  // Added late, an hour before the end that was read; and what happened since.
  for (let n = 0; n < 150; n += 1) put(`late-${n}`, NOW - 6 * HOUR + n);
  clock.now += DAY;
  put('new', clock.now - HOUR);
  const second = streamOf(await sync(), 'audit-logs');
  expect(second).toMatchObject({ outcome: 'complete', new_records: 151, changed_records: 0 });
  expect(await stored()).toEqual(served());
  const third = streamOf(await sync(), 'audit-logs');
  expect(third).toMatchObject({ new_records: 0, changed_records: 0, absent_records: 0 });

  // The figures of the last days were lower when they were read first.
  const restated = await home.query<{ n: number }>(
    `select count(*)::integer as n from (
      select scope_id, period_start, metric, tool, model from usage_metrics_history
      where dataset = 'copilot-usage' group by all having count(*) > 1)`,
  );
  expect(restated[0]?.n).toBeGreaterThan(0);
  const sums = await home.query<{ total: number; people: number }>(
    `select
      sum(value) filter (scope = 'enterprise') as total, sum(value) filter (scope = 'user') as people
    from usage_metrics
    where dataset = 'copilot-usage' and metric = 'user_initiated_interaction_count' and tool is null`,
  );
  expect(sums[0]?.total).toBe(sums[0]?.people);
  expect(await home.query('select * from anomalies')).toEqual([]);
});
