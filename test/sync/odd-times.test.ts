/** What a vendor serves for the window that was asked for is archived, whatever date it bears; an odd date steers nothing. */
import { expect, test } from 'vitest';
import { type Home, homeFor, streamOf } from '../harness.ts';
import { long } from '../long.ts';
import { devinHome, devinSandbox, syncDevin } from './devin-support.ts';
import { type Clock, DAY, eventAt, HOUR, MINUTE, select, stillSandbox } from './support.ts';
import type { Sandbox } from '../sandbox/start.ts';

/** How the vendor dates an event that it takes in `MINUTE`s ago; null where that is no instant. */
const DATES: readonly [id: string, stated: (now: number) => unknown, isRead: boolean][] = [
  ['two-days-old', (now) => new Date(now - 2 * DAY).toISOString(), true],
  ['two-hours-ahead', (now) => new Date(now + 2 * HOUR).toISOString(), true],
  ['minutes-only', (now) => `${new Date(now - HOUR).toISOString().slice(0, 16)}Z`, true],
  ['other-zone', (now) => `${new Date(now - 8 * HOUR).toISOString().slice(0, 19)}-07`, true],
  ['unix-text', (now) => String(now / 1000 - 600), true],
  ['microseconds', (now) => (now - HOUR) * 1000, true],
  ['year-2099', () => '2099-01-01T00:00:00Z', true],
  ['year-2004', () => '2004-01-01T00:00:00Z', true],
  ['epoch', () => '1970-01-01T00:00:00Z', false],
  ['year-9999', () => '9999-12-31T23:59:59Z', false],
  ['year-10021', () => '+010021-01-01T00:00:00Z', false],
  ['february', () => '2026-02-30T10:00:00Z', false],
  ['negative', () => -5, false],
  ['enormous', () => 1e20, false],
  ['nothing', () => null, false],
];
const IDS = DATES.map(([id]) => id).toSorted();

function insertAll({ tabnine }: Sandbox, { at }: Clock): void {
  for (const [n, [id, stated]] of DATES.entries()) {
    const event = { ...eventAt(at, id), timestamp: stated(at) };
    tabnine.events.insert({ time: at - 10 * MINUTE + n * 1000, json: JSON.stringify(event) });
  }
}

async function findings(home: Home): Promise<Record<string, unknown>[]> {
  return await select(
    home,
    'select kind, count(*)::int as n from anomalies group by all order by kind',
  );
}

test('events of any date are kept, once, and those whose date cannot be are findings', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 50, days: 5 });
  const home = await homeFor(sandbox);
  await home.sync();
  insertAll(sandbox, clock);
  clock.at += HOUR;
  expect(streamOf(await home.sync(), 'audit-logs')).toMatchObject({ new_records: IDS.length });
  const kept = await select(
    home,
    `select event_id, occurred_at is not null as is_read from audit_events
     where event_id in (${IDS.map((id) => `'${id}'`).join(', ')}) order by event_id`,
  );
  expect(kept).toEqual(
    DATES.map(([event_id, , is_read]) => ({ event_id, is_read })).toSorted((a, b) =>
      a.event_id < b.event_id ? -1 : 1,
    ),
  );
  const odd = [
    { kind: 'implausible', n: 2 },
    { kind: 'unmappable', n: DATES.filter(([, , isRead]) => !isRead).length },
  ];
  expect(await findings(home)).toEqual(odd);
  // The vendor goes by when it took an event in: that one is not listed by its date says nothing.
  for (let run = 0; run < 3; run += 1) {
    expect(streamOf(await home.sync(), 'audit-logs')).toMatchObject({
      new_records: 0,
      changed_records: 0,
      absent_records: 0,
    });
    clock.at += 12 * HOUR;
  }
  expect(await findings(home)).toEqual(odd);
});

test('an odd date moves neither the calendar nor what is compared with the vendor', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 50, days: 5 });
  insertAll(sandbox, clock);
  const home = await homeFor(sandbox);
  await home.sync();
  clock.at += 3 * DAY;
  await home.sync();
  const [{ first } = {}] = await select(
    home,
    "select min(day)::varchar as first from coverage where stream = 'audit-logs'",
  );
  expect(Date.parse(String(first))).toBeGreaterThan(clock.at - 30 * DAY);
  const { code, stdout } = await home.run(['verify', '--against-source', '--json']);
  expect(code).toBe(0);
  expect(stdout).not.toContain('1970-01');
  expect(stdout).not.toContain('2004-01');
});

long('Devin: the same, in any unit', async () => {
  const { sandbox, clock } = await devinSandbox({ events: 40, days: 5 });
  const home = await devinHome(sandbox);
  await syncDevin(home, ['audit-logs']);
  const seconds = clock.at / 1000;
  const read = [
    seconds - 2 * 86_400,
    seconds + 7200,
    seconds * 1e6,
    new Date(clock.at).toISOString(),
  ];
  const unread = [0, 5e9, 1e20, -5, '2026-02-30'];
  for (const [n, created_at] of [...read, ...unread].entries()) {
    const event = { audit_log_id: `odd-${n}`, created_at, action: 'login', data: {} };
    sandbox.devin.events.add({ time: seconds - 600 + n, json: JSON.stringify(event) });
  }
  clock.at += HOUR;
  for (const new_records of [read.length + unread.length, 0, 0]) {
    const report = await syncDevin(home, ['audit-logs']);
    const counts = { new_records, changed_records: 0, absent_records: 0 };
    expect(streamOf(report, 'audit-logs')).toMatchObject(counts);
    clock.at += 12 * HOUR;
  }
  expect(
    await select(
      home,
      "select count(occurred_at)::int as n from audit_events where starts_with(event_id, 'odd-')",
    ),
  ).toEqual([{ n: read.length }]);
  expect(await findings(home)).toEqual([{ kind: 'unmappable', n: unread.length }]);
});
