/** Ids of any form are kept apart, break nothing, and lead to no other address. */
import { expect, test } from 'vitest';
import { homeFor, streamOf } from '../harness.ts';
import { eventAt, HOUR, MINUTE, select, stillSandbox } from './support.ts';
import { few, isLong } from '../long.ts';
import { rowsOf, TestArchive } from '../load/archive.ts';

/** Longer than any key. */
const LONG = 'x'.repeat(isLong ? 3 * 1024 * 1024 : 8 * 1024);
const IDS: readonly string[] = ['\\ud800', '\\ud801', 'a\\u0000b', LONG, `${LONG}y`, '..'];

test('events with ids that no text can hold are kept apart, once, and are findings', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 20, days: 2 });
  for (const [n, id] of IDS.entries()) {
    const at = clock.at - 10 * MINUTE + n;
    const json = JSON.stringify(eventAt(at, 'ID')).replace('"ID"', `"${id}"`);
    sandbox.tabnine.events.insert({ time: at, json });
  }
  const home = await homeFor(sandbox);
  expect(streamOf(await home.sync(), 'audit-logs').new_records).toBe(20 + IDS.length);
  clock.at += HOUR;
  expect(streamOf(await home.sync(), 'audit-logs')).toMatchObject({
    new_records: 0,
    changed_records: 0,
  });
  expect(
    await select(
      home,
      `select count(distinct event_uid)::int as n, count(event_id)::int as named,
         (select count(*)::int from anomalies where what like '%a hash stands for it%') as told
       from audit_events`,
    ),
  ).toEqual([{ n: 20 + IDS.length, named: 20 + 1, told: IDS.length - 1 }]);
  for (const verb of ['rebuild', 'verify']) {
    expect((await home.run([verb, '--quiet'])).code).toBe(0);
  }
});

test.each(few(3, ['a/../b', '\\ud800', '__proto__', LONG, '..', '.', 'constructor', '$&']))(
  'a team with an odd id stops no other stream (%#)',
  async (id) => {
    const { sandbox } = await stillSandbox({ events: 5, days: 2 });
    const answer = sandbox.tabnine.answer.bind(sandbox.tabnine);
    sandbox.tabnine.answer = (call) => {
      if (!call.path.endsWith('/organization/teams')) return answer(call);
      const text = `{"data":[{"id":"${id}","name":"T"}],"meta":{"count":1,"total":1}}`;
      return { status: 200, type: 'application/json', body: text };
    };
    const home = await homeFor(sandbox);
    const streams = ['teams', 'team-members', 'repositories', 'audit-logs'];
    const ran = await home.run(['sync', ...streams.map((name) => `tabnine/${name}`), '--json']);
    expect(ran.code).toBe(0);
    const ended = (JSON.parse(ran.stdout) as { streams: { error?: { code: string } }[] }).streams;
    expect(ended.map(({ error }) => error?.code)).not.toContain('defect');
    expect(await select(home, 'select count(*)::int as n from teams')).toEqual([{ n: 1 }]);
    // What went wrong once must not stay.
    sandbox.tabnine.answer = answer;
    await home.sync();
  },
);

const record = (id: string): string =>
  `{"id":"${id}","timestamp":"2026-02-01T10:00:00Z","eventType":"x"}`;

test('an archive whose keys are ill-formed, as earlier versions wrote them, is loaded', async () => {
  const archive = await TestArchive.make();
  await archive.add('audit-logs', [
    { key: 'evt_\ud800', time: '2026-02-01T10:00:00.000Z', record: record('evt_\\ud800') },
    { key: 'evt_\ud801', time: '2026-02-01T10:00:00.000Z', record: record('evt_\\ud801') },
    { key: 'good', time: '2026-02-01T10:00:00.000Z', record: record('good') },
    { absent: 'evt_\ud800', at: '2026-02-02T10:00:00.000Z' },
  ]);
  const { path } = await archive.load();
  const sql = 'select count(distinct event_uid) as n, count(event_id) as named from audit_events';
  expect(await rowsOf(path, sql)).toEqual([{ n: 3, named: 1 }]);
});
