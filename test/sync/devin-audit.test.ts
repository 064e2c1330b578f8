import { describe, expect, test } from 'vitest';
import type { Quirks } from '../../src/vendors/devin/sandbox/quirks.ts';
import { streamOf } from '../harness.ts';
import { few, long } from '../long.ts';
import {
  addTie,
  AUDIT,
  devinHome,
  devinIds,
  devinRequests,
  devinSandbox,
  QUIET,
  syncDevin,
} from './devin-support.ts';
import { DAY, eventIds, HOUR, MINUTE, SECOND, select } from './support.ts';

const LOG = ['audit-logs'];

/** A history of 200 days with 250 events in one second of its middle, and 230 in its last. */
async function longHistory(quirks: Partial<Quirks> = {}) {
  const { sandbox, clock } = await devinSandbox({ events: 600, days: 200 });
  Object.assign(sandbox.devin.quirks, quirks);
  addTie(sandbox, clock.at - 2 * SECOND, 230);
  return { sandbox, clock, home: await devinHome(sandbox) };
}

describe('every event of 200 days, once', () => {
  const bounds = ['exclusive', 'inclusive'] as const;
  const units = ['milliseconds', 'seconds'] as const;
  const cases: [string, Partial<Quirks>][] = bounds.flatMap((timeAfter) =>
    bounds.flatMap((timeBefore) =>
      units.map((createdAtUnit): [string, Partial<Quirks>] => [
        `bounds ${timeAfter} and ${timeBefore}, created_at in ${createdAtUnit}`,
        { timeAfter, timeBefore, createdAtUnit },
      ]),
    ),
  );
  // Those that differ most come first.
  cases.unshift(
    ['newest first and no has_next_page', { orderIgnored: true, hasNextPage: 'absent' }],
    ['no total', { total: 'absent' }],
  );
  cases.push(
    ['total null', { total: 'null' }],
    ['no has_next_page', { hasNextPage: 'absent' }],
    ['newest first, whatever is asked', { orderIgnored: true }],
  );
  test.each(few(1, cases))('%s', async (_what, quirks) => {
    const { sandbox, home } = await longHistory(quirks);
    await syncDevin(home, LOG);
    expect(await eventIds(home)).toEqual(devinIds(sandbox));
    // One request is for the oldest event, without bounds.
    const windows = devinRequests(sandbox, AUDIT).filter(({ query }) => 'time_after' in query);
    expect(devinRequests(sandbox, AUDIT)).toHaveLength(windows.length + 1);
    for (const { query } of windows) {
      const [after, before] = [Number(query['time_after']), Number(query['time_before'])];
      expect(query['order']).toBe('asc');
      expect(before - after).toBeGreaterThan(0);
      expect(before - after).toBeLessThanOrEqual(100 * 86_400);
    }
    const before = sandbox.devin.requests.length;
    expect(streamOf(await syncDevin(home, LOG), 'audit-logs')).toMatchObject(QUIET);
    const again = devinRequests(sandbox, AUDIT, before);
    expect(again.filter(({ query }) => 'time_after' in query).length).toBeLessThanOrEqual(2);
    const times = await select(
      home,
      `select count(*)::int as n from audit_events where epoch(occurred_at) <>
        (raw ->> 'created_at')::double / ${quirks.createdAtUnit === 'milliseconds' ? 1000 : 1}`,
    );
    expect(times).toEqual([{ n: 0 }]);
  });
});

describe('a page says that there is more, and its cursor leads nowhere', () => {
  test.each(few(1, ['repeated', 'missing'] as const))(
    'cursor %s: read on by time',
    async (cursor) => {
      const { sandbox } = await devinSandbox({ events: 800, days: 200 });
      sandbox.devin.quirks.cursor = cursor;
      // The tie of the generated history is larger than a page.
      const perSecond = new Map<number, number>();
      for (const { audit_log_id, created_at } of sandbox.devin.events.all()) {
        perSecond.set(created_at, (perSecond.get(created_at) ?? 0) + 1);
        if ((perSecond.get(created_at) ?? 0) > 150) sandbox.devin.events.remove(audit_log_id);
      }
      const home = await devinHome(sandbox);
      await syncDevin(home, LOG);
      expect(await eventIds(home)).toEqual(devinIds(sandbox));
      expect(streamOf(await syncDevin(home, LOG), 'audit-logs')).toMatchObject(QUIET);
    },
  );

  test('a tie larger than a page cannot be read: incomplete, and whole once the cursor is back', async () => {
    const { sandbox, home } = await longHistory({ cursor: 'missing' });
    const { outcome, error } = streamOf(await syncDevin(home, LOG, 3), 'audit-logs');
    expect({ outcome, code: error?.code }).toEqual({
      outcome: 'incomplete',
      code: 'cursor-missing',
    });
    sandbox.devin.quirks.cursor = 'present';
    await syncDevin(home, LOG);
    expect(await eventIds(home)).toEqual(devinIds(sandbox));
  });

  long(
    'newest first and the newest second larger than a page: nothing older is passed over',
    async () => {
      const { sandbox, home } = await longHistory({ cursor: 'missing', orderIgnored: true });
      await syncDevin(home, LOG, 3);
      Object.assign(sandbox.devin.quirks, { cursor: 'present', orderIgnored: false });
      await syncDevin(home, LOG);
      expect(await eventIds(home)).toEqual(devinIds(sandbox));
    },
  );
});

test.each(few(1, [[true], [false]]))(
  'a run that is stopped goes on where it was (order ignored: %s)',
  async (orderIgnored) => {
    const { sandbox, home } = await longHistory({ orderIgnored });
    const { devin } = sandbox;
    const { stop, done } = home.begin(['sync', 'devin/audit-logs', '--json'], {
      AUDITLAKE_TIMEOUT: '60s',
    });
    let pages = 0;
    devin.onRequest = async ({ path, query }) => {
      if (path !== AUDIT || Number(query['time_before']) < Date.UTC(2026, 5) / 1000) return;
      pages += 1;
      if (pages !== 3) return;
      stop();
      await done;
    };
    expect((await done).code).toBe(3);
    devin.onRequest = undefined;
    const before = devin.requests.length;
    await syncDevin(home, LOG);
    expect(await eventIds(home)).toEqual(devinIds(sandbox));
    const asked = devinRequests(sandbox, AUDIT, before);
    // The slices before the last were read: the rest takes a dozen pages.
    expect(asked.length).toBeLessThan(20);
  },
);

test('late, changed and vanished events', async () => {
  const { sandbox, clock } = await devinSandbox({ events: 300, days: 20 });
  const { events } = sandbox.devin;
  addTie(sandbox, clock.at - 2 * HOUR, 3, 'early');
  const home = await devinHome(sandbox);
  await syncDevin(home, LOG);
  for (const delay of [SECOND, MINUTE, HOUR, 12 * HOUR, DAY - SECOND, DAY]) {
    addTie(sandbox, clock.at - delay, 1, `late-by-${delay}`);
  }
  const all = devinIds(sandbox);
  events.change('audit_log-early-1', { data: { setting_type: 'changed' } });
  events.remove('audit_log-early-2');
  clock.at += 10 * MINUTE;
  expect(streamOf(await syncDevin(home, LOG), 'audit-logs')).toMatchObject({
    new_records: 6,
    changed_records: 1,
    absent_records: 1,
  });
  expect(streamOf(await syncDevin(home, LOG), 'audit-logs')).toMatchObject(QUIET);
  expect(await eventIds(home)).toEqual(all);
  expect(
    await select(
      home,
      `select kind, what::json ->> 'event_uid' as event from anomalies order by kind`,
    ),
  ).toEqual([
    { kind: 'changed', event: 'devin:audit_log-early-1' },
    { kind: 'vanished', event: 'devin:audit_log-early-2' },
  ]);
  expect(
    await select(
      home,
      `select revision::int as revision, details ->> 'setting_type' as data from audit_events
       where event_id = 'audit_log-early-1'`,
    ),
  ).toEqual([{ revision: 2, data: 'changed' }]);
});
