/** Ends runs without warning, wherever they happen to be, and looks at what is left. */
import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fraction } from '../../src/sandbox/random.ts';
import { type Home, homeFor, sandboxFor, streamOf } from '../harness.ts';

const KILLS = Number(process.env['AUDITLAKE_KILLS'] ?? 12);
const EVENTS = 3_000;

/** The state of a test's dice, so that a failure can be repeated. */
const drawn = (round: number, sides: number): number => Math.floor(fraction(77, round) * sides);

async function batchesIn(home: Home): Promise<number> {
  const names = await readdir(home.folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.ndjson.gz')).length;
}

test(
  `after ${KILLS} kills one run has every event once`,
  { timeout: 30_000 + KILLS * 5_000 },
  async () => {
    const sandbox = await sandboxFor({ events: EVENTS, days: 3 });
    const { tabnine } = sandbox;
    tabnine.quirks.pageCap = 100;
    const home = await homeFor(sandbox);
    let killed = 0;
    for (let round = 0; round < KILLS; round++) {
      // What a run had committed when it was killed, it had to be read again only in part.
      const first = tabnine.requests.length;
      const fatal = first + 1 + drawn(round, 45);
      const { child, done } = home.start(['sync', '--json']);
      let batches = 0;
      tabnine.onRequest = async ({ index }) => {
        if (index === fatal) child.kill('SIGKILL');
        // A third of the rounds ends with the first file that appears, whatever the request.
        if (round % 3 === 2 && (await batchesIn(home)) > batches) child.kill('SIGKILL');
      };
      batches = await batchesIn(home);
      const { code, signal, stderr } = await done;
      if (signal === 'SIGKILL') killed += 1;
      else expect({ round, code, stderr }).toMatchObject({ round, code: 0 });
    }
    tabnine.onRequest = undefined;
    expect(killed).toBeGreaterThan(KILLS / 2);

    // The lock of a killed run is free at once: this one neither waits nor ends with 75.
    const report = await home.sync();
    expect(streamOf(report, 'audit-logs').outcome).toBe('complete');
    const stored = await home.query<{ id: string }>(
      'select event_id as id from audit_events order by 1',
    );
    expect(stored.map(({ id }) => id)).toEqual(tabnine.events.ids().toSorted());
    const verified = await home.run(['verify']);
    expect(verified).toMatchObject({ code: 0 });
  },
);

test('a run that is killed while it writes leaves a home that the next run accepts', async () => {
  const sandbox = await sandboxFor({ events: EVENTS, days: 3 });
  const home = await homeFor(sandbox);
  // Beyond the last request there is only commit, load and publication.
  const counted = await homeFor(sandbox);
  await counted.sync();
  const all = sandbox.tabnine.requests.length;
  for (const delay of [0, 40, 90, 150, 220]) {
    const { child, done } = home.start(['sync', '--json']);
    const last = sandbox.tabnine.requests.length + all - 1;
    sandbox.tabnine.onRequest = ({ index }) => {
      if (index === last) setTimeout(() => child.kill('SIGKILL'), delay);
    };
    await done;
  }
  sandbox.tabnine.onRequest = undefined;
  await home.sync();
  const [found] = await home.query('select count(*) as n, count(distinct event_id) as ids from audit_events');
  expect(found).toEqual({ n: EVENTS, ids: EVENTS });
  expect(await home.run(['verify'])).toMatchObject({ code: 0 });
});

test('of two runs on one home the second ends with 75, and the first is not disturbed', async () => {
  const sandbox = await sandboxFor({ events: 500, days: 2 });
  const home = await homeFor(sandbox);
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  sandbox.tabnine.onRequest = () => {
    arrived.resolve();
    return released.promise;
  };
  const first = home.start(['sync', '--json'], { AUDITLAKE_TIMEOUT: '30s' });
  await arrived.promise;
  const second = await home.run(['sync', '--json']);
  released.resolve();
  expect(second.code).toBe(75);
  expect(JSON.parse(second.stdout)).toMatchObject({ outcome: 'failed', error: { code: 'locked' } });
  expect(second.stderr).toContain('another run is at work');
  expect(await first.done).toMatchObject({ code: 0 });
  expect(await home.query('select count(*) as n from audit_events')).toEqual([{ n: 500 }]);
});
