import { describe, expect, test } from 'vitest';
import type { Quirks } from '../../src/vendors/tabnine/sandbox/quirks.ts';
import { homeFor, streamOf } from '../harness.ts';
import { few, tries } from '../long.ts';
import { DAY, eventIds, HOUR, SECOND, select, stillSandbox, vendorIds } from './support.ts';

/** `check` looks at the last days by our clock: the vendor's must not be elsewhere. */
const now = Math.floor(Date.now() / SECOND) * SECOND;

describe('a server that does otherwise than asked is read completely', () => {
  const cases = few<[string, Partial<Quirks>, string]>(1, [
    [
      'whatever the time, in no order',
      { ignoreTimeFilter: true, ignoreSort: 'unsorted' },
      'time-filter-ignored',
    ],
    ['under the older name', { listKey: 'data' }, 'older-envelope'],
    ['newest first, always', { ignoreSort: 'desc' }, 'sort-ignored'],
    ['in no order', { ignoreSort: 'unsorted' }, 'sort-ignored'],
    ['whatever the time', { ignoreTimeFilter: true }, 'time-filter-ignored'],
    [
      'whatever the time, newest first',
      { ignoreTimeFilter: true, ignoreSort: 'desc' },
      'time-filter-ignored',
    ],
  ]);
  test.each(cases)('%s', async (_what, quirks, code) => {
    const { sandbox } = await stillSandbox({ events: tries(2_500, 2) }, now);
    Object.assign(sandbox.tabnine.quirks, quirks);
    const home = await homeFor(sandbox);
    // The first run begins at the oldest event: only later windows show that the filter is ignored.
    await home.sync();
    const second = streamOf(await home.sync(), 'audit-logs');
    expect(second).toMatchObject({ new_records: 0, changed_records: 0, absent_records: 0 });
    expect(await eventIds(home)).toEqual(vendorIds(sandbox));
    const check = await home.run(['check']);
    expect(check.code).toBe(0);
    expect(check.stdout).toContain(code);
  });
});

test('events of an older shape, without ids: equal ones stay two', async () => {
  const { sandbox } = await stillSandbox({ events: 1_500 }, now);
  const { tabnine } = sandbox;
  tabnine.quirks.eventShape = 'older';
  const time = now - 2 * DAY;
  const json = JSON.stringify({
    eventType: 'user.login',
    performing_user: { email: 'ada@example.com' },
    affected_user: {},
    occurredAt: new Date(time).toISOString(),
    valueChange: {},
  });
  for (const at of [time, time]) tabnine.events.insert({ time: at, json });
  const recent = json.replace(new Date(time).toISOString(), new Date(now - HOUR).toISOString());
  for (let n = 0; n < 3; n += 1) tabnine.events.insert({ time: now - HOUR, json: recent });

  const home = await homeFor(sandbox);
  expect(streamOf(await home.sync(), 'audit-logs').new_records).toBe(1_505);
  expect(streamOf(await home.sync(), 'audit-logs')).toMatchObject({
    new_records: 0,
    changed_records: 0,
    absent_records: 0,
  });
  const rows = await select(
    home,
    `select count(*)::int as events, count(distinct event_uid)::int as uids,
       count(*) filter (event_id is not null)::int as ids,
       count(*) filter (occurred_at = make_timestamptz(${time * 1_000}))::int as pair,
       count(*) filter (occurred_at = make_timestamptz(${(now - HOUR) * 1_000}))::int as triple
     from audit_events`,
  );
  expect(rows).toEqual([{ events: 1_505, uids: 1_505, ids: 0, pair: 2, triple: 3 }]);
});
