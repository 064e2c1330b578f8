/** Several runs in one process: side by side on different homes, never two on one. */
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';

test('a second run in the same process is refused with 75, by whatever path the home is named', async () => {
  const sandbox = await sandboxFor({ events: 50, days: 2 });
  const home = await homeFor(sandbox);
  const other = `${home.folder}-by-another-name`;
  const release = new AbortController();
  const released = once(release.signal, 'abort');
  const asked = new Promise<void>((resolve) => {
    sandbox.tabnine.onRequest = async () => {
      resolve();
      await released;
    };
  });
  const first = home.run(['sync', 'tabnine/audit-logs', '--json'], { AUDITLAKE_TIMEOUT: '60s' });
  await asked;
  await symlink(home.folder, other);
  for (const folder of [home.folder, other]) {
    const second = await home.run(['sync', '--json', '--home', folder]);
    expect(second.code).toBe(75);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'locked' } });
  }
  // Refused ones have freed nothing that is not theirs, for other processes neither.
  expect((await home.run(['rebuild'], {}, { process: true })).code).toBe(75);
  release.abort();
  expect((await first).code).toBe(0);
  expect((await home.run(['rebuild'])).code).toBe(0);
});

test('runs on different homes work side by side in one process', async () => {
  const events = [20, 30, 40];
  const homes = await Promise.all(
    events.map(async (n) => homeFor(await sandboxFor({ events: n, days: 2 }))),
  );
  const ran = await Promise.all(
    homes.map((home) => home.run(['sync', 'tabnine/audit-logs', '--json'])),
  );
  expect(ran.map(({ code }) => code)).toEqual([0, 0, 0]);
  const counts = await Promise.all(
    homes.map((home) =>
      home.query<{ n: number }>('select count(*)::integer as n from audit_events'),
    ),
  );
  expect(counts.flat().map(({ n }) => n)).toEqual(events);
});
