/** What has not changed is no change, however it is written; a vendor's clock must not keep a log from being read. */
import { expect, test } from 'vitest';
import type { Answer, Call } from '../../src/sandbox/answer.ts';
import { bytesOf } from '../../src/sandbox/answer.ts';
import { type Home, homeFor, streamOf } from '../harness.ts';
import { few } from '../long.ts';
import type { Sandbox } from '../sandbox/start.ts';
import { AUDIT_LOGS, DAY, eventAt, HOUR, MINUTE, select, stillSandbox } from './support.ts';

type Body = { items: Record<string, unknown>[] };

/** The audit log in other words. */
function rewrite({ tabnine }: Sandbox, change: (body: Body) => string): void {
  const answer = tabnine.answer.bind(tabnine);
  tabnine.answer = (call: Call): Answer => {
    const real = answer(call);
    if (call.path !== AUDIT_LOGS || real.status !== 200) return real;
    const body = JSON.parse(bytesOf(real).toString('utf8')) as Body;
    return { ...real, body: Buffer.from(change(body)) };
  };
}

test.each(
  few<[string, (body: Body) => string]>(1, [
    ['the order of keys', (body) => JSON.stringify({ ...body, items: body.items.map(turned) })],
    [
      'numbers as texts',
      (body) =>
        JSON.stringify(body, (key, value: unknown) => (key === 'n' ? String(value) : value)),
    ],
    ['white space', (body) => JSON.stringify(body, null, 2)],
    ['escapes', (body) => JSON.stringify(body).replaceAll('@', '\\u0040').replaceAll('/', '\\/')],
  ]),
)('%s of events is no news', async (_, change) => {
  const { sandbox, clock } = await stillSandbox({ events: 30, days: 1 });
  const event = {
    ...eventAt(clock.at - MINUTE, 'count'),
    metadata: { n: 7, at: 'ann@acme.test/x' },
  };
  sandbox.tabnine.events.insert({ time: clock.at - MINUTE, json: JSON.stringify(event) });
  const home = await homeFor(sandbox);
  await home.sync();
  rewrite(sandbox, change);
  clock.at += HOUR;
  expect(streamOf(await home.sync(), 'audit-logs')).toMatchObject({
    new_records: 0,
    changed_records: 0,
  });
});

test('a record that is no JSON is a finding, and one that only looks so is none', async () => {
  const { sandbox, clock } = await stillSandbox();
  const records = [
    ['{"v":NaN}', false],
    ['{"v":[1,]}', false],
    ['{"v":-Infinity}', false],
    ['{"v":"NaN, Infinity ,] ,}"}', true],
    ['{"v":"more info: \\", NaN}"}', true],
  ] as const;
  for (const [n, [metadata]] of records.entries()) {
    const at = clock.at - 10 * MINUTE + n * 1000;
    const json = JSON.stringify({ ...eventAt(at, `e${n}`), metadata: 0 }).replace(
      '"metadata":0',
      `"metadata":${metadata}`,
    );
    sandbox.tabnine.events.insert({ time: at, json });
  }
  const home = await homeFor(sandbox);
  await home.sync();
  expect(
    await select(
      home,
      `select (select count(*)::int from audit_events) as events,
         (select count(*)::int from anomalies where kind = 'unmappable') as told`,
    ),
  ).toEqual([{ events: 2, told: 3 }]);
});

test.each(
  few<[string, number | null]>(1, [
    ['of 1970', Date.UTC(1970, 0)],
    ['two hours behind', null],
    ['of 2000', Date.UTC(2000, 0)],
  ]),
)('a vendor whose clock is %s is read up to now, and that is said', async (_, at) => {
  const { sandbox, clock } = await stillSandbox({ events: 30, days: 2 });
  sandbox.tabnine.quirks.dateHeaderSkewMs = at === null ? -2 * HOUR : at - clock.at;
  const home = await homeFor(sandbox);
  await home.sync();
  expect(await counts(home)).toEqual({ events: 30, clock: 1 });
});

test('a vendor whose clock is days ahead may have more than was read: incomplete', async () => {
  const { sandbox } = await stillSandbox({ events: 30, days: 2 });
  sandbox.tabnine.quirks.dateHeaderSkewMs = 3 * DAY;
  const home = await homeFor(sandbox);
  const report = await home.sync(3);
  expect(streamOf(report, 'audit-logs')).toMatchObject({
    outcome: 'incomplete',
    error: { code: 'clock' },
  });
  expect(await counts(home)).toEqual({ events: 30, clock: 1 });
});

test('after a run whose clock was ahead, nothing between the two clocks is passed over', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 30, days: 2 });
  const home = await homeFor(sandbox);
  sandbox.tabnine.quirks.dateHeaderSkewMs = 5 * DAY;
  await home.run(['sync', 'tabnine/audit-logs'], {}, { now: () => clock.at + 5 * DAY });
  sandbox.tabnine.quirks.dateHeaderSkewMs = 0;
  const late = Array.from({ length: 6 }, (_, day) => clock.at + day * DAY + HOUR);
  for (const at of late) {
    sandbox.tabnine.events.insert({ time: at, json: JSON.stringify(eventAt(at, `late-${at}`)) });
  }
  clock.at += 8 * DAY;
  await home.sync();
  expect(await counts(home)).toEqual({ events: 30 + late.length, clock: 0 });
});

test.each([
  ['1970', Date.UTC(1970, 0)],
  ['10021', Date.UTC(10_021, 0)],
])('a machine in the year %s does nothing, and says why', async (year, at) => {
  const { sandbox } = await stillSandbox({ events: 3, days: 1 });
  const home = await homeFor(sandbox);
  const { code, stdout, stderr } = await home.run(['sync', '--json'], {}, { now: () => at });
  expect(code).toBe(3);
  expect(stdout + stderr).toContain(`it is the year ${year}`);
  await home.sync();
});

function turned(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).toReversed());
}

async function counts(home: Home): Promise<Record<string, unknown> | undefined> {
  const rows = await select(
    home,
    `select (select count(*)::int from audit_events) as events,
       (select count(*)::int from anomalies where kind = 'clock') as clock`,
  );
  return rows[0];
}
