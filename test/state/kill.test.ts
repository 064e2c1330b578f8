/** Ends runs without warning, wherever they happen to be, and looks at what is left. */
import { once } from 'node:events';
import { readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fraction } from '../../src/sandbox/random.ts';
import { homeFor, sandboxFor, streamOf } from '../harness.ts';

const KILLS = Number(process.env['AUDITLAKE_KILLS'] ?? 12);
const EVENTS = 3_000;
/** Every run reads the whole log again: no fewer requests than these. */
const REQUESTS = 30;
const WHOLE = { AUDITLAKE_LOOKBACK: '96h' };
const FAT_EVENTS = 40;

/** Names of files whose appearance tells where a run is: archiving, loading, publishing. */
const MOMENTS = [
  /audit-logs.*\.gz\.tmp$/,
  /audit-logs.*\.gz$/,
  /\.building-/,
  /ledger\/.*ndjson$/,
  /current\.json\./,
];

const drawn = (round: number, sides: number): number => Math.floor(fraction(77, round) * sides);

async function filesIn(folder: string): Promise<string[]> {
  return await readdir(folder, { recursive: true }).catch(() => []);
}

test(
  `after ${KILLS} kills one run has every event once`,
  { timeout: 30_000 + KILLS * 5_000 },
  async () => {
    const sandbox = await sandboxFor({ events: EVENTS, days: 3 });
    const { tabnine } = sandbox;
    tabnine.quirks.pageCap = 100;
    // Fat events fill batches, so that a run commits more than once on its way through the log.
    const times = tabnine.events.times;
    const fatAt = Array.from({ length: FAT_EVENTS }, (_, i) => times[i * 70] ?? 0);
    const insertFat = (id: string, time: number): void => {
      const event = { id, timestamp: new Date(time).toISOString() };
      tabnine.events.insert({ ...event, metadata: { text: 'x'.repeat(200_000) } });
    };
    for (const [i, time] of fatAt.entries()) insertFat(`fat-${i}`, time);
    const home = await homeFor(sandbox);
    let killed = 0;
    for (let round = 0; round < KILLS; round++) {
      // Something new in each round, for one that finds the former run complete.
      insertFat(`late-${round}`, fatAt[drawn(round, FAT_EVENTS)] ?? 0);
      const fatal = tabnine.requests.length + drawn(round, REQUESTS);
      const moment = round % 2 === 0 ? null : MOMENTS[drawn(round, MOMENTS.length)];
      const before = new Set(await filesIn(home.folder));
      const { child, done } = home.start(['sync', '--json'], WHOLE);
      tabnine.onRequest = ({ index }) => {
        if (moment === null && index === fatal) child.kill('SIGKILL');
      };
      if (moment !== null) {
        for await (const _ of setInterval(1)) {
          const news = (await filesIn(home.folder)).filter((name) => !before.has(name));
          if (news.some((name) => moment?.test(name))) child.kill('SIGKILL');
          if (child.exitCode !== null || child.signalCode !== null) break;
        }
      }
      const { code, signal, stderr } = await done;
      if (signal === 'SIGKILL') killed += 1;
      else expect({ round, code, stderr }).toMatchObject({ round, code: 0 });
    }
    tabnine.onRequest = undefined;
    expect(killed).toBeGreaterThan(KILLS / 3);

    // The lock of a killed run is free at once: this one neither waits nor ends with 75.
    const report = await home.sync(0, WHOLE);
    expect(streamOf(report, 'audit-logs').outcome).toBe('complete');
    const stored = await home.query<{ event_id: string }>('select event_id from audit_events');
    expect(stored.map((row) => row.event_id).toSorted()).toEqual(tabnine.events.ids().toSorted());
    expect(await home.run(['verify'])).toMatchObject({ code: 0 });
  },
);

test('of two runs on one home the second ends with 75, and the first is not disturbed', async () => {
  const sandbox = await sandboxFor({ events: 500, days: 2 });
  const home = await homeFor(sandbox);
  const release = new AbortController();
  const released = once(release.signal, 'abort');
  const arrived = new Promise<void>((resolve) => {
    sandbox.tabnine.onRequest = () => {
      resolve();
      return released.then(() => undefined);
    };
  });
  const first = home.start(['sync', '--json'], { AUDITLAKE_TIMEOUT: '30s' });
  await arrived;
  const second = await home.run(['sync', '--json']);
  release.abort();
  expect(second.code).toBe(75);
  expect(JSON.parse(second.stdout)).toMatchObject({ outcome: 'failed', error: { code: 'locked' } });
  expect(second.stderr).toContain('another run is at work');
  expect(await first.done).toMatchObject({ code: 0 });
  expect(await home.query('select count(*) as n from audit_events')).toEqual([{ n: 500 }]);
});

test('a run that was killed between its note and its link is made good by the next one', async () => {
  const sandbox = await sandboxFor({ events: 100, days: 2 });
  const home = await homeFor(sandbox);
  await home.sync();
  const link = join(home.folder, 'warehouse.duckdb');
  const former = await readlink(link);
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  sandbox.tabnine.events.insert({ id: 'later', timestamp, eventType: 'x.y' });
  await home.sync();
  await rm(link);
  await symlink(former, link);
  await home.sync();
  expect(await home.query('select count(*) as n from audit_events')).toEqual([{ n: 101 }]);
});
