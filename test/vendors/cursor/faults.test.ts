/** Sixty days with ties larger than a page, while one request in twenty goes wrong. `npm run test:long` tries every fault and every whim. */
import { expect, test } from 'vitest';
import type { FaultKind } from '../../../src/sandbox/faults.ts';
import type { Quirks } from '../../../src/vendors/cursor/sandbox/quirks.ts';
import { isLong } from '../../long.ts';
import { DAY, keysOf, NOW, Opened } from './opened.ts';

const FAULTS: FaultKind[] = [
  '429',
  '429-retry-after',
  '500',
  'html-502',
  'reset',
  'cut',
  'json-cut',
];

const WHIMS: Partial<Quirks>[] = [
  {},
  { auditOrder: 'newest-first', usageOrder: 'oldest-first', hasNextPage: 'absent' },
  { auditBounds: 'exclusive', memberIds: 'text', commitFilter: 'commitTs', dailyPageMost: 100 },
  { auditRetention: { days: 70, answer: 'clamped' }, spendMeaning: 'total', pageCap: 60 },
];

const CASES = FAULTS.flatMap((kind) => WHIMS.map((whims) => [kind, whims] as const)).filter(
  (_case, n) => isLong || n === 9,
);

test.each(CASES)('%s, %j', async (kind, whims) => {
  const opened = await Opened.make({
    events: isLong ? 6_000 : 1_500,
    days: 60,
    users: isLong ? 120 : 30,
  });
  Object.assign(opened.vendor.quirks, whims);
  for (let n = 0; n < 700; n += 1) {
    opened.vendor.events.insert({
      event_id: `tied-${n}`,
      timestamp: new Date(NOW - 20 * DAY).toISOString(),
      event_type: 'login',
      event_data: {},
    });
  }
  Object.assign(opened.vendor.faults, { rate: 0.05, kinds: [kind], seed: 7 });
  await opened.identify();
  const read = await opened.read('audit-logs', Infinity);
  expect(keysOf(read)).toEqual(opened.vendor.events.ids().toSorted());
  const usage = await opened.read('usage-events', 59);
  const made = opened.vendor.usage.events(NOW - 59.5 * DAY, NOW - 3 * 3_600_000 - 1, NOW);
  expect(usage.records).toHaveLength(made.length);
  expect(keysOf(usage)).toHaveLength(made.length);
  expect(keysOf(await opened.read('daily-usage', 59))).toHaveLength(
    opened.vendor.members.length * 60,
  );
  const others = isLong ? opened.reader.streams : [];
  for (const { name } of others) {
    const once = keysOf(await opened.read(name, 3));
    expect({ name, keys: keysOf(await opened.read(name, 3)) }).toEqual({ name, keys: once });
  }
});
