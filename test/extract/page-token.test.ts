import { describe, expect, test } from 'vitest';
import { numberedPages } from '../../src/extract/paging/page-number.ts';
import { pageToken } from '../../src/extract/paging/page-token.ts';
import type { Row } from '../../src/extract/record.ts';

describe('what a page says of the next one', () => {
  test.each([
    ['a token', { next_page: 'x' }, { token: 'next_page' }, { cursor: 'x', more: null }],
    ['a number', { next: 2 }, { token: 'next' }, { cursor: '2', more: null }],
    ['none', {}, { token: 'next_page' }, { cursor: null, more: null }],
    ['null', { next_page: null }, { token: 'next_page' }, { cursor: null, more: null }],
    ['an empty one', { next_page: '' }, { token: 'next_page' }, { cursor: null, more: null }],
    ['further down', { meta: { next: 'x' } }, { token: 'meta.next' }, { cursor: 'x', more: null }],
    ['not an object', { meta: 'x' }, { token: 'meta.length' }, { cursor: null, more: null }],
    ['inherited', {}, { token: 'constructor.name' }, { cursor: null, more: null }],
    [
      'that there is more',
      { last_id: 'x', has_more: true },
      { token: 'last_id', more: 'has_more' },
      { cursor: 'x', more: true },
    ],
    [
      'a token of the last page',
      { last_id: 'x', has_more: false },
      { token: 'last_id', more: 'has_more' },
      { cursor: 'x', more: false },
    ],
  ])('%s', (_what, envelope, fields, said) => {
    expect(pageToken(envelope, fields)).toEqual(said);
  });
});

const row = (id: number): Row => ({
  bytes: Buffer.from(`{"id":${id}}`),
  id: `${id}`,
  time: null,
});

describe('numbered pages', () => {
  const note = { request: '/x', status: 200, at: 0, bytes: 0, sha256: '', records: 0 };

  async function read(
    list: () => number[],
    size: number,
    total: (list: number[]) => number | null,
  ) {
    const asked: number[] = [];
    const keys = new Set<string>();
    const pages = numberedPages((page) => {
      asked.push(page);
      const all = list();
      const rows = all.slice((page - 1) * size, page * size).map((id) => row(id));
      return Promise.resolve({ rows, note, total: total(all) });
    }, '/x');
    for await (const page of pages) for (const { key } of page.records) keys.add(key);
    return { asked, keys: [...keys].toSorted() };
  }

  test('of a list that is counted are read up to its end, and twice', async () => {
    const { asked, keys } = await read(
      () => [1, 2, 3, 4, 5],
      2,
      (all) => all.length,
    );
    expect({ asked, keys }).toEqual({
      asked: [1, 2, 3, 1, 2, 3],
      keys: ['1', '2', '3', '4', '5'],
    });
  });

  test('are read twice where nothing is counted: an empty page is the end', async () => {
    const { asked } = await read(
      () => [1, 2, 3],
      2,
      () => null,
    );
    expect(asked).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('a row that goes meanwhile hides none', async () => {
    const lists = [
      [1, 2, 3, 4, 5],
      [2, 3, 4, 5],
    ];
    const { keys } = await read(
      () => (lists.length > 1 ? (lists.shift() ?? []) : (lists[0] ?? [])),
      2,
      () => null,
    );
    expect(keys).toEqual(['1', '2', '3', '4', '5']);
  });
});
