import { expect, test } from 'vitest';
import { type Home, homeFor, streamOf } from '../harness.ts';
import { isLong } from '../long.ts';
import {
  archivedRecords,
  DAY,
  eventAt,
  eventIds,
  HOUR,
  MINUTE,
  SECOND,
  select,
  stillSandbox,
  vendorIds,
} from './support.ts';

/** Kind and event of each anomaly, in the order of the archive. */
async function anomalies(home: Home): Promise<unknown[][]> {
  const rows = await select(
    home,
    `select kind, what::json ->> 'event_uid' as event from anomalies order by seq, n`,
  );
  return rows.map(({ kind, event }) => [kind, event]);
}

test('events that appear up to a day late come with the next sync, once', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 30 });
  const home = await homeFor(sandbox);
  await home.sync();
  for (const delay of [SECOND, MINUTE, HOUR, 12 * HOUR, DAY - SECOND, DAY]) {
    sandbox.tabnine.events.insert(eventAt(clock.at - delay, `late-by-${delay}`));
  }
  clock.at += 10 * MINUTE;
  sandbox.tabnine.events.insert(eventAt(clock.at - MINUTE, 'in-time'));
  expect(streamOf(await home.sync(), 'audit-logs').new_records).toBe(7);
  expect(await eventIds(home)).toEqual(vendorIds(sandbox));
  expect(streamOf(await home.sync(), 'audit-logs').new_records).toBe(0);
  expect(await eventIds(home)).toEqual(vendorIds(sandbox));
  expect(await anomalies(home)).toEqual([]);
});

test('an event whose content changes is kept both ways', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 30 });
  const { events } = sandbox.tabnine;
  events.insert(eventAt(clock.at - HOUR, 'changing', 'before'));
  const home = await homeFor(sandbox);
  await home.sync();
  const first = JSON.stringify(eventAt(clock.at - HOUR, 'changing', 'before'));
  const second = JSON.stringify(eventAt(clock.at - HOUR, 'changing', 'after'));
  expect(events.replace('changing', JSON.parse(second) as Record<string, unknown>)).toBe(true);

  expect(streamOf(await home.sync(), 'audit-logs')).toMatchObject({
    new_records: 0,
    changed_records: 1,
    absent_records: 0,
  });
  const records = await archivedRecords(home);
  expect(records.filter((record) => record.includes('"changing"'))).toEqual([first, second]);
  expect(
    await select(
      home,
      `select event_id, revision::int as revision, user_agent from audit_events where event_id = 'changing'`,
    ),
  ).toEqual([{ event_id: 'changing', revision: 2, user_agent: 'after' }]);
  expect(await eventIds(home)).toEqual(vendorIds(sandbox));

  expect(await anomalies(home)).toEqual([['changed', 'tabnine:changing']]);

  // Served again, the new content is no news.
  expect(streamOf(await home.sync(), 'audit-logs').changed_records).toBe(0);
  expect(await anomalies(home)).toHaveLength(1);
});

test('an event that vanishes stays, and may come back', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 30 });
  const { events } = sandbox.tabnine;
  const event = eventAt(clock.at - HOUR, 'fleeting');
  events.insert(event);
  const home = await homeFor(sandbox);
  const vanished = ['vanished', 'tabnine:fleeting'];
  const reappeared = ['reappeared', 'tabnine:fleeting'];
  await home.sync();
  const all = await eventIds(home);
  expect(all).toContain('fleeting');

  events.remove('fleeting');
  expect(streamOf(await home.sync(), 'audit-logs').absent_records).toBe(1);
  expect(await eventIds(home)).toEqual(all);
  expect(await anomalies(home)).toEqual([vanished]);

  // Still gone: that was said.
  expect(streamOf(await home.sync(), 'audit-logs').absent_records).toBe(0);
  expect(await anomalies(home)).toEqual([vanished]);

  events.insert(event);
  await home.sync();
  expect(await eventIds(home)).toEqual(all);
  expect(await anomalies(home)).toEqual([vanished, reappeared]);

  // Twice is as good as once.
  if (!isLong) return;
  events.remove('fleeting');
  await home.sync();
  events.insert(event);
  await home.sync();
  await home.sync();
  expect(await eventIds(home)).toEqual(all);
  expect(await anomalies(home)).toEqual([vanished, reappeared, vanished, reappeared]);
});
