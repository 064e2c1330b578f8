/** Runs are ended without warning, by the kernel, at exact writes and at requests; what is left is looked at. */
import { once } from 'node:events';
import { readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fraction } from '../../src/sandbox/random.ts';
import type { Sandbox } from '../sandbox/start.ts';
import { homeFor, sandboxFor } from '../harness.ts';
import { type ChildDisk, childDisk } from './child-disk.ts';
import { long } from '../long.ts';

const KILLS = 100;
const EVENTS = 300;
/** Every run reads the whole log again: no fewer requests than these. */
const REQUESTS = 10;
const WHOLE = { AUDITLAKE_LOOKBACK: '96h' };
const FAT_EVENTS = 16;
/** One stream is enough to write all kinds of files. */
const SYNC = ['sync', 'tabnine/audit-logs', '--json'];
const MOMENTS = ['before', 'half', 'after'] as const;

const drawn = (round: number, sides: number): number => Math.floor(fraction(77, round) * sides);

let disk: ChildDisk;
beforeAll(async () => {
  disk = await childDisk();
});
afterAll(() => disk.remove());

/** Fat events fill batches, so that a run commits more than once on its way through the log. */
async function fatSandbox(): Promise<{
  sandbox: Sandbox;
  insert: (id: string, n: number) => void;
}> {
  const sandbox = await sandboxFor({ events: EVENTS, days: 3 });
  const { tabnine } = sandbox;
  tabnine.quirks.pageCap = 30;
  const times = Array.from({ length: FAT_EVENTS }, (_, i) => tabnine.events.times[i * 15] ?? 0);
  const insert = (id: string, n: number): void => {
    const timestamp = new Date(times[n % FAT_EVENTS] ?? 0).toISOString();
    tabnine.events.insert({ id, timestamp, metadata: { text: 'x'.repeat(200_000) } });
  };
  for (const n of times.keys()) insert(`fat-${n}`, n);
  return { sandbox, insert };
}

// That a killed run is gone on with, sync/usage-fan-out.test.ts shows at one place, crash.test.ts in this process at many.
long(
  `after ${KILLS} kills one run has every event once`,
  { timeout: 180_000 + KILLS * 20_000 },
  async () => {
    const { sandbox, insert } = await fatSandbox();
    const { tabnine } = sandbox;
    const home = await homeFor(sandbox);
    // What a run writes in a home that has data already: archive, warehouse, lake.
    expect(await home.run(SYNC, WHOLE)).toMatchObject({ code: 0 });
    insert('first', 0);
    await home.run(SYNC, { ...WHOLE, ...disk.env({ kind: 'count' }) });
    const writes = await disk.writes();
    const killedAt: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      // Something new in each round, for one that finds the former run complete.
      insert(`late-${round}`, drawn(round, FAT_EVENTS));
      // One in three by a request, wherever the writing is then; the others spread evenly over the writes.
      const isAtRequest = round % 3 === 2;
      const fatal = tabnine.requests.length + drawn(round, REQUESTS);
      const place = Math.floor(((round + 0.5) / KILLS) * writes.length);
      const moment = MOMENTS[drawn(round, MOMENTS.length)] ?? 'before';
      const order = isAtRequest
        ? ({ kind: 'count' } as const)
        : ({ kind: 'kill', place, moment } as const);
      const { child, done } = home.start(SYNC, { ...WHOLE, ...disk.env(order) });
      tabnine.onRequest = ({ index }) => {
        if (isAtRequest && index === fatal) child.kill('SIGKILL');
      };
      const { code, signal, stderr } = await done;
      const { operation = '', path = '' } = writes[place] ?? {};
      if (signal === 'SIGKILL') {
        killedAt.push(isAtRequest ? 'a request' : `${moment} ${operation} ${path}`);
      } else expect({ round, code, stderr }).toMatchObject({ round, code: 0 });
    }
    tabnine.onRequest = undefined;
    expect(killedAt.length).toBeGreaterThan(KILLS / 2);

    // The lock of a killed run is free at once: this one neither waits nor ends with 75.
    expect(await home.run(SYNC, WHOLE)).toMatchObject({ code: 0 });
    const stored = await home.query<{ event_id: string }>('select event_id from audit_events');
    expect(stored.map((row) => row.event_id).toSorted()).toEqual(tabnine.events.ids().toSorted());
    expect(await home.run(['verify'])).toMatchObject({ code: 0 });
    process.stdout.write(`${killedAt.length} runs were killed:\n  ${killedAt.join('\n  ')}\n`);
  },
);

test('of two runs on one home the second ends with 75, and the first is not disturbed', async () => {
  const sandbox = await sandboxFor({ events: 60, days: 2 });
  const home = await homeFor(sandbox);
  const release = new AbortController();
  const released = once(release.signal, 'abort');
  const arrived = new Promise<void>((resolve) => {
    sandbox.tabnine.onRequest = () => {
      resolve();
      return released.then(() => undefined);
    };
  });
  const first = home.start(SYNC, { AUDITLAKE_TIMEOUT: '60s' });
  await arrived;
  const second = await home.run(SYNC);
  release.abort();
  expect(second.code).toBe(75);
  expect(JSON.parse(second.stdout)).toMatchObject({ outcome: 'failed', error: { code: 'locked' } });
  expect(second.stderr).toContain('another run is at work');
  expect(await first.done).toMatchObject({ code: 0 });
  expect(await home.query('select count(*) as n from audit_events')).toEqual([{ n: 60 }]);
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
