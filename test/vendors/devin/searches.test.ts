/** The list of searches: nothing of an item is documented, so that it is read in each shape that it may have. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { VENDOR_RETRY } from '../../../src/http/retry.ts';
import { isPartEnd, type SourceRecord } from '../../../src/model.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import type { Quirks } from '../../../src/vendors/devin/sandbox/quirks.ts';
import { DevinVendor } from '../../../src/vendors/devin/sandbox/vendor.ts';
import { devin } from '../../../src/vendors/devin/vendor.ts';
import { mapped } from './mappings/mapped.ts';
import { PLAIN_ACCOUNT } from '../account.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 15, 12);
const ASKED = /Where is retried|Who calls|Why does the build skip|What tests/;

async function opened(shape: Partial<Quirks['searches']> = {}) {
  const options = { events: 0, days: 100, users: 6, organizations: 2, sessions: 250 };
  const vendor = new DevinVendor({ ...options, until: NOW, now: () => NOW });
  Object.assign(vendor.quirks.searches, shape);
  const sandbox = await startSandbox({ vendors: { devin: vendor } });
  const reader = devin.open({
    ...PLAIN_ACCOUNT,
    source: 'agents',
    baseUrl: sandbox.vendors.devin.url,
    token: vendor.token,
    options: devin.options.parse({}),
    timeout: 2_000,
    signal: new AbortController().signal,
    now: () => NOW,
    retry: { ...VENDOR_RETRY, firstPause: 1, longestPause: 20 },
  });
  onTestFinished(async () => {
    await reader.close();
    await sandbox.close();
  });
  const stream = reader.streams.find(({ name }) => name === 'searches');
  if (stream === undefined) throw new Error('there is no stream of searches');
  const read = async (days: number): Promise<SourceRecord[]> => {
    const from = NOW - days * DAY;
    const records: SourceRecord[] = [];
    for await (const page of stream.read({ from, to: NOW, place: from, part: null })) {
      if (!isPartEnd(page)) records.push(...page.records);
    }
    return records;
  };
  return { vendor, read };
}

const since = ({ searches }: DevinVendor, days: number): string[] =>
  searches
    .filter(({ at }) => at * 1000 >= NOW - days * DAY)
    .map(({ id }) => id)
    .toSorted();

describe('searches of ten days are read, and no other, without what was asked', () => {
  const shapes: Partial<Quirks['searches']>[] = [
    {},
    { order: 'oldest-first' },
    { order: 'mixed' },
    { list: 'searches', id: 'id', time: 'timestamp' },
    { list: 'bare', id: 'query_id', time: 'started_at' },
  ];
  test.each(shapes.map((shape) => [JSON.stringify(shape), shape] as const))(
    '%s',
    async (_, shape) => {
      const { vendor, read } = await opened(shape);
      const records = await read(10);
      expect(records.map(({ key }) => key).toSorted()).toEqual(since(vendor, 10));
      for (const { bytes } of records) {
        const text = bytes.toString('utf8');
        expect(text).not.toMatch(ASKED);
        expect(JSON.parse(text)).toMatchObject({
          user_id: expect.not.stringContaining('redacted'),
          query: expect.stringMatching(/^redacted:\d+:[0-9a-f]{32}$/),
          repo_names: [expect.stringMatching(/^redacted:/)],
        });
      }
    },
  );
});

test('a list from the newest on is left where it is old enough', async () => {
  const { vendor, read } = await opened();
  await read(10);
  expect(vendor.requests).toHaveLength(1);
  await read(200);
  expect(vendor.requests).toHaveLength(4);
});

test('without a time that is known every search is kept; without an id as well, and once', async () => {
  const { vendor, read } = await opened({ time: 'at', id: null });
  const [first, second] = [await read(1), await read(1)];
  expect(first).toHaveLength(vendor.searches.length);
  expect(new Set(second.map(({ key }) => key))).toEqual(new Set(first.map(({ key }) => key)));
});

test('searches are figures of their day and person; what may be an instant or an id is none', async () => {
  const time = '2026-06-01T08:00:00.000Z';
  const rows = await mapped(
    "internal.figures where stream = 'searches' order by scope_id, metric",
    'searches',
    [
      {
        key: 'a',
        time,
        record: { user_id: 'email|ada', org_id: 'org-1', num_messages: 3, ended: 1780301000 },
      },
      {
        key: 'b',
        time,
        record: { service_user_id: 'service-user-1', thread_id: 7, nested: { n: 1 } },
      },
      { key: 'c', record: { user_id: 'email|ada' } },
    ],
  );
  const figures = rows.map(({ scope, scope_id, metric, value, period_start }) => [
    scope,
    scope_id,
    metric,
    value,
    period_start,
  ]);
  const day = '2026-06-01T00:00:00.000Z';
  expect(figures).toEqual([
    ['user', 'email|ada', 'num_messages', 3, day],
    ['user', 'email|ada', 'searches', 1, day],
    ['service_user', 'service-user-1', 'searches', 1, day],
  ]);
});
