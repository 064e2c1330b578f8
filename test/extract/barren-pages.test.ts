import { expect, test } from 'vitest';
import { MAX_EMPTY_PAGES, MAX_EMPTY_TIME } from '../../src/extract/limits.ts';
import { BarrenPages } from '../../src/extract/paging/barren-pages.ts';
import { pageToken } from '../../src/extract/paging/page-token.ts';

const page = (records: readonly string[], at = 0) => ({
  rows: records.map((text) => ({ bytes: Buffer.from(text), id: null, time: null })),
  note: { request: '/x', status: 200, at, bytes: 0, sha256: '', records: records.length },
});

test.each([
  ['empty pages', []],
  ['the same page again and again', ['a', 'b']],
])('%s are too many after a while', (_, records) => {
  const barren = new BarrenPages();
  barren.add(page(['a', 'b']));
  for (let n = 1; n < MAX_EMPTY_PAGES; n += 1) expect(barren.add(page(records))).toBe(false);
  expect(barren.add(page(records))).toBe(true);
});

test('a page that brings something begins the count anew', () => {
  const barren = new BarrenPages();
  for (let n = 0; n < 3 * MAX_EMPTY_PAGES; n += 1) {
    expect(barren.add(page(n % (MAX_EMPTY_PAGES - 1) === 0 ? [`${n}`] : []))).toBe(false);
  }
});

test('a slow server is followed for some minutes', () => {
  const barren = new BarrenPages();
  expect(barren.add(page([], 0))).toBe(false);
  expect(barren.add(page([], MAX_EMPTY_TIME - 1))).toBe(false);
  expect(barren.add(page([], MAX_EMPTY_TIME))).toBe(true);
});

test('a cursor that no address can hold is not followed', () => {
  const fields = { token: 'next' };
  expect(pageToken({ next: 'x'.repeat(8_192) }, fields).cursor).toHaveLength(8_192);
  expect(() => pageToken({ next: 'x'.repeat(8_193) }, fields)).toThrow('8193 characters');
});
