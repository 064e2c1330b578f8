import { expect, test } from 'vitest';
import { scan } from '../../src/extract/paging/offset.ts';
import { sliceList } from '../../src/extract/slice/json.ts';

test('a server that serves the same page at every offset is not read for ever', async () => {
  const rows = ['{"a":1}', '{"a":2}'].map((text) => ({
    bytes: Buffer.from(text),
    id: null,
    time: null,
  }));
  const note = { request: '/list', status: 200, at: 0, bytes: 0, sha256: '', records: 2 };
  let records = 0;
  const reading = async (): Promise<void> => {
    const pages = scan({
      fetch: async () => ({ rows, note, total: null }),
      belongs: () => true,
      overlaps: true,
      totalIsProof: false,
      maxPages: 1000,
      place: null,
      subject: '/list',
    });
    for await (const page of pages) records += page.records.length;
  };
  await expect(reading()).rejects.toMatchObject({ code: 'page-repeats', exit: 3 });
  expect(records).toBe(2);
});

test('of two lists the preferred one is taken, wherever it stands', () => {
  const { records } = sliceList(Buffer.from('{"data":[],"items":[1,2]}'), ['items', 'data']);
  expect(records.map(String)).toEqual(['1', '2']);
});
