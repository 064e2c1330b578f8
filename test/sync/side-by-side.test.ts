import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../sandbox/start.ts';
import { homeFor, streamOf } from '../harness.ts';
import { few, long } from '../long.ts';
import {
  AUDIT_LOGS,
  auditRequests,
  DAY,
  eventAt,
  eventIds,
  HOUR,
  stillSandbox,
  vendorIds,
} from './support.ts';
import { syncOnly } from './usage-support.ts';

const PAGE = 200;

/** How many audit requests were under way at most. */
function watch({ tabnine }: Sandbox): { most: number } {
  const seen = { most: 0 };
  tabnine.onRequest = async ({ path }) => {
    if (path !== AUDIT_LOGS) return;
    // All that have come by now get their place among the requests before any is answered.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    const open = tabnine.requests.filter((r) => r.path === AUDIT_LOGS && r.status === 0).length;
    seen.most = Math.max(seen.most, open);
  };
  return seen;
}

/** What the vendor has to walk to answer, for every record that it sends. */
function effort(sandbox: Sandbox): number {
  const requests = auditRequests(sandbox);
  const walked = requests.reduce((sum, { query }) => sum + Number(query['offset']) + PAGE, 0);
  return walked / requests.reduce((sum, { served }) => sum + served, 0);
}

describe('a long window', () => {
  test.each(
    few(1, [
      [4, 2, 4],
      [1, 1, 1],
    ] as const),
  )('with %i requests at a time', async (concurrency, least, most) => {
    const { sandbox, clock } = await stillSandbox({ events: 6_000, days: 60 });
    const { tabnine } = sandbox;
    tabnine.quirks.pageCap = PAGE;
    // Bursts of equal times: some of them meet the bounds of a slice.
    for (let n = 0; n < 900; n += 1) {
      tabnine.events.insert(eventAt(clock.at - (1 + (n % 30)) * DAY, `tie-${n}`));
    }
    const home = await homeFor(sandbox);
    const seen = watch(sandbox);
    const env = { AUDITLAKE_CONCURRENCY: String(concurrency) };
    const report = (await syncOnly(home, ['audit-logs'], env)).report;
    expect(streamOf(report, 'audit-logs')).toMatchObject({
      outcome: 'complete',
      new_records: 6_900,
      changed_records: 0,
      absent_records: 0,
    });
    expect(await eventIds(home)).toEqual(vendorIds(sandbox));
    expect(seen.most).toBeGreaterThanOrEqual(least);
    expect(seen.most).toBeLessThanOrEqual(most);
    // Two requests more ask for the oldest event.
    expect(effort(sandbox)).toBeLessThanOrEqual(1.36);
    const served = auditRequests(sandbox).reduce((sum, request) => sum + request.served, 0);
    expect(served / 6_900).toBeLessThanOrEqual(1.35);
  });

  long.each([4, 1])(
    'from a server that leaves out the second it is asked from, with %i requests at a time',
    async (concurrency) => {
      const { sandbox } = await stillSandbox({ events: 6_000, days: 30 });
      Object.assign(sandbox.tabnine.quirks, { pageCap: PAGE, startExclusive: true });
      const home = await homeFor(sandbox);
      const env = { AUDITLAKE_CONCURRENCY: String(concurrency) };
      expect(await syncOnly(home, ['audit-logs'], env)).toMatchObject({ code: 0 });
      expect(await eventIds(home)).toEqual(vendorIds(sandbox));
    },
  );

  // moving.test.ts has it for short windows.
  long('into which events come while it is read', async () => {
    const { sandbox, clock } = await stillSandbox({ events: 6_000, days: 60 });
    const { tabnine } = sandbox;
    tabnine.quirks.pageCap = PAGE;
    const before = vendorIds(sandbox);
    let place = 0;
    tabnine.onRequest = ({ path }) => {
      if (path !== AUDIT_LOGS || place >= 30) return;
      place += 1;
      for (const days of [2, 20, 45]) {
        tabnine.events.insert(eventAt(clock.at - days * DAY, `in-${days}-${place}`));
      }
      tabnine.events.insert(eventAt(clock.at - HOUR, `late-${place}`));
    };
    const home = await homeFor(sandbox);
    expect(await syncOnly(home, ['audit-logs'])).toMatchObject({ code: 0 });
    tabnine.onRequest = undefined;
    const read = await eventIds(home);
    expect(new Set(read).size).toBe(read.length);
    const have = new Set(read);
    expect(before.filter((id) => !have.has(id))).toEqual([]);

    // Whoever looks back far enough gets what came behind where the reading stood.
    const env = { AUDITLAKE_LOOKBACK: '90d' };
    expect(await syncOnly(home, ['audit-logs'], env)).toMatchObject({ code: 0 });
    expect(await eventIds(home)).toEqual(vendorIds(sandbox));
  });
});
