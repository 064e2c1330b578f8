import { expect, test } from 'vitest';
import { openDeliverables } from '../../src/load/deliver/deliverables.ts';
import { differences } from '../../src/load/differences/differences.ts';
import { writeLake } from '../../src/load/lake/lake.ts';
import { deliverableTable } from '../../src/load/tables.ts';
import { OCSF } from '../../src/transform/ocsf.ts';
import { few, tries } from '../long.ts';
import { TestArchive, rowsOf } from './archive.ts';

const MB = 2 ** 20;
const BATCHES = tries(20);
const PER_BATCH = tries(20, 4);
const PAGE = tries(1_000, 4);
const START = Date.parse('2026-02-01T00:00:00Z');
const TEXT = 'Lorem ipsum dolor ';

const EVENTS = deliverableTable('audit_events');
const BEFORE_ALL = { seq: 0, n: 0 };

const textOf = (bytes: number, unit = TEXT): string => unit.repeat(bytes / unit.length);

test.each(
  few<[string, number, unknown]>(2, [
    [`a page of ${PAGE} records of 15 KB`, PAGE, textOf(15_000)],
    ['a record that grows in every encoding of it', 1, textOf(tries(10) * MB, '"\\\u00e9')],
    ['a record with half surrogates', 1, textOf(tries(5 * MB, 20), '\ud800')],
    ['a record of many keys', 1, numbered(tries(500_000))],
    ['records of 150 KB', tries(100), textOf(150_000)],
    ['a record as large as a page', 1, textOf(tries(40) * MB)],
    ['a record of numbers alone', 1, Array.from({ length: tries(5_000_000) }, (_, i) => i % 10)],
  ]),
)('%s is loaded, and written and delivered from there', async (_, count, value) => {
  const archive = await TestArchive.make();
  await archive.add(
    'audit-logs',
    Array.from({ length: count }, (__, i) => {
      const time = new Date(START + i * 1000).toISOString();
      const record = { id: `e${i}`, timestamp: time, metadata: { value, i } };
      return { key: record.id, time, record: JSON.stringify(record) };
    }),
  );
  const published = await archive.load();
  expect(await rowsOf(published.path, 'select count(raw) as n from audit_events')).toEqual([
    { n: count },
  ]);
  const lake = await writeLake({
    home: archive.home,
    published,
    compression: 'zstd',
    openFrom: '2000-01-01',
  });
  expect(lake.rows).toBe(count);
  const deliverables = await openDeliverables(published, OCSF, () => undefined);
  try {
    for (const format of EVENTS.formats) {
      let delivered = 0;
      for await (const rows of deliverables.rows(EVENTS, format, BEFORE_ALL, archive.seq)) {
        delivered += rows.length;
      }
      expect([format, delivered]).toEqual([format, count]);
    }
  } finally {
    await deliverables.close();
  }
  expect(await differences(published.path, published.path)).toEqual([]);
});

test('what is loaded later on goes next to the large records of earlier runs', async () => {
  const archive = await TestArchive.make();
  const add = (first: number, count: number, value: string): Promise<void> =>
    archive.add(
      'audit-logs',
      Array.from({ length: count }, (_, i) => {
        const time = new Date(START + (first + i) * 1000).toISOString();
        const record = { id: `e${first + i}`, timestamp: time, metadata: { value } };
        return { key: record.id, time, record: JSON.stringify(record) };
      }),
    );
  for (let batch = 0; batch < BATCHES; batch += 1) await add(batch * 20, PER_BATCH, textOf(MB));
  const first = await archive.load();
  await add(1_000, 1, 'small');
  const second = await archive.load();
  expect(second.widest).toBe(first.widest);
  expect(await rowsOf(second.path, 'select count(raw) as n from audit_events')).toEqual([
    { n: BATCHES * PER_BATCH + 1 },
  ]);
});

function numbered(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`key ${i}`, `value ${i}`]));
}
