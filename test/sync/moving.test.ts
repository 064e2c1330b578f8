import { describe, expect, test } from 'vitest';
import type { TabnineVendor } from '../../src/vendors/tabnine/sandbox/vendor.ts';
import { homeFor, streamOf } from '../harness.ts';
import { few } from '../long.ts';
import {
  AUDIT_LOGS,
  auditRequests,
  DAY,
  eventAt,
  eventIds,
  HOUR,
  MINUTE,
  stillSandbox,
  vendorIds,
} from './support.ts';

/** Calls `change` before each answer to the audit log with the number of those before it. */
function onAuditRequest(vendor: TabnineVendor, change: (place: number) => void): void {
  let place = 0;
  vendor.onRequest = ({ path }) => {
    if (path === AUDIT_LOGS) change(place++);
  };
}

test('more events in one millisecond than fit on a page', async () => {
  const { sandbox, clock } = await stillSandbox({ events: 500 });
  for (let n = 0; n < 1_500; n += 1) {
    sandbox.tabnine.events.insert(eventAt(clock.at - 3 * HOUR, `tie-${n}`));
  }
  const home = await homeFor(sandbox);
  await home.sync();
  expect(await eventIds(home)).toEqual(vendorIds(sandbox));
  expect(streamOf(await home.sync(), 'audit-logs')).toMatchObject({
    new_records: 0,
    changed_records: 0,
    absent_records: 0,
  });
});

describe('a server that gives 100 events per page', () => {
  test.each(
    few<[string, boolean]>(1, [
      ['and does not say so', false],
      ['and says so', true],
    ]),
  )('%s', async (_what, echoCappedLimit) => {
    const { sandbox, clock } = await stillSandbox({ events: 1_000 });
    Object.assign(sandbox.tabnine.quirks, { pageCap: 100, echoCappedLimit });
    for (let n = 0; n < 250; n += 1) {
      sandbox.tabnine.events.insert(eventAt(clock.at - 5 * HOUR, `tie-${n}`));
    }
    const home = await homeFor(sandbox);
    await home.sync();
    expect(await eventIds(home)).toEqual(vendorIds(sandbox));
    // 1,250 events in pages of 100: the ties are read twice, the rest about once.
    expect(auditRequests(sandbox).length).toBeLessThan(50);
  });

  test('with exactly as many events as fill its pages', async () => {
    const { sandbox } = await stillSandbox({ events: 300 });
    Object.assign(sandbox.tabnine.quirks, { pageCap: 100, echoCappedLimit: false });
    const home = await homeFor(sandbox);
    await home.sync();
    expect(await eventIds(home)).toEqual(vendorIds(sandbox));
  });
});

describe('a log that changes while it is read', () => {
  const cases: [string, (vendor: TabnineVendor, now: number, place: number) => void][] = [
    [
      'events come and go in one instant',
      ({ events }, now, place) => {
        events.insert(eventAt(now - 2 * HOUR, `busy-new-${place}`));
        events.remove(`busy-${place}`);
      },
    ],
    [
      'events come, before and behind where the reading stands',
      ({ events }, now, place) => {
        events.insert(eventAt(now - 1 * MINUTE, `new-${place}`));
        events.insert(eventAt(now - 6 * HOUR, `late-${place}`));
        events.insert(eventAt(now - 23 * HOUR, `very-late-${place}`));
      },
    ],
    [
      'events go, one here and one there',
      ({ events }, now, place) => {
        const ids = events.ids(now - 20 * DAY);
        for (const share of [0.1, 0.5, 0.9]) {
          events.remove(ids[Math.floor(ids.length * share) + place] ?? '');
        }
      },
    ],
    [
      'the oldest are purged, past where the reading stands',
      ({ events }, now, place) => {
        events.removeBefore(now - (28 - 2 * place) * DAY);
      },
    ],
  ];
  test.each(few(1, cases))('%s', async (_what, change) => {
    const { sandbox, clock } = await stillSandbox({ events: 1_500 });
    const { tabnine } = sandbox;
    tabnine.quirks.pageCap = 200;
    for (let n = 0; n < 300; n += 1) {
      tabnine.events.insert(eventAt(clock.at - 2 * HOUR, `busy-${n}`));
    }
    const before = new Set(vendorIds(sandbox));
    onAuditRequest(tabnine, (place) => {
      if (place >= 1 && place <= 9) change(tabnine, clock.at, place);
    });
    const home = await homeFor(sandbox);
    await home.sync();
    tabnine.onRequest = undefined;

    const read = await eventIds(home);
    expect(new Set(read).size).toBe(read.length);
    const throughout = vendorIds(sandbox).filter((id) => before.has(id));
    expect(throughout.length).toBeGreaterThan(250);
    expect(throughout.filter((id) => !read.includes(id))).toEqual([]);

    // The next run has the rest, and keeps what is gone from the vendor.
    await home.sync();
    const all = [...new Set([...read, ...vendorIds(sandbox)])].toSorted();
    expect(await eventIds(home)).toEqual(all);
  });
});
