import { expect, test } from 'vitest';
import { VendorError } from '../../src/errors.ts';
import {
  type CountedList,
  type CountedPage,
  readWhole,
} from '../../src/extract/paging/counted-list.ts';
import { readRow } from '../../src/extract/record.ts';

const NOTE = { request: '/list', status: 200, at: 0, bytes: 0, sha256: '', records: 0 };

type Answer = { ids: readonly string[]; total?: number | null; more?: boolean | null };

/** What a row looks like: `a` has an id, `~a` has none, `ann:1` is one of Ann's. */
function rowOf(text: string) {
  const record = text.startsWith('~') ? { text } : { id: text, who: text.split(':')[0] };
  return readRow(Buffer.from(JSON.stringify(record)), { id: ['id'], time: [] });
}

function pageOf({ ids, total = null, more = null }: Answer): CountedPage {
  return { rows: ids.map(rowOf), note: NOTE, total, more };
}

type Whole = { keys: string[]; asked: number[] } | null;

/** Reads a list whose server gives these answers, one reading after the other; the last one again and again. */
async function read(
  readings: readonly (readonly Answer[])[],
  more: Partial<CountedList> = {},
): Promise<Whole> {
  const asked: number[] = [];
  let reading = -1;
  const pages = await readWhole({
    subject: '/list',
    fetch(page) {
      if (page === 1) reading = Math.min(reading + 1, readings.length - 1);
      asked.push(page);
      return Promise.resolve(pageOf(readings[reading]?.[page - 1] ?? { ids: [], more: false }));
    },
    ...more,
  });
  const records = pages?.flatMap((page) => page.records) ?? [];
  const texts = records.map(({ bytes }) => JSON.parse(bytes.toString()) as Record<string, string>);
  return pages === null
    ? null
    : { keys: texts.map((row) => row['id'] ?? row['text'] ?? ''), asked };
}

const two = (total: number): Answer[] => [
  { ids: ['a', 'b'], total, more: true },
  { ids: ['c'], total, more: false },
];

test.each<[string, Answer[][], string, number]>([
  ['one answer is whole', [[{ ids: ['a'], more: false }]], 'a', 1],
  ['an empty one too', [[{ ids: [], total: 0 }]], '', 1],
  ['pages that name one total, and bring as many', [two(3)], 'a,b,c', 2],
  [
    'without a word on further pages the total says it',
    [
      [
        { ids: ['a'], total: 2 },
        { ids: ['b'], total: 2 },
      ],
    ],
    'a,b',
    2,
  ],
  [
    'without either an empty page does, in two readings',
    [[{ ids: ['a'] }, { ids: ['b'] }, { ids: [] }]],
    'a,b',
    6,
  ],
  [
    'a short or empty page is no end',
    [
      [
        { ids: ['a'], total: 3, more: true },
        { ids: [], total: 3, more: true },
        { ids: ['b', 'c'], total: 3, more: false },
      ],
    ],
    'a,b,c',
    3,
  ],
  [
    'a total that moved: read again',
    [
      [
        { ids: ['a'], total: 2, more: true },
        { ids: ['b'], total: 3, more: false },
      ],
      two(3),
    ],
    'a,b,c',
    5,
  ],
  ['a total that is never met: two readings', [two(9)], 'a,b,c', 6],
])('%s', async (_what, readings, keys, requests) => {
  expect(await read(readings)).toEqual({
    keys: keys === '' ? [] : keys.split(','),
    asked: expect.objectContaining({ length: requests }),
  });
});

test('rows without an id that moved to the next page are not invented', async () => {
  // A newer row came between two pages: the last row of the first is served again, and the total was changed back by then.
  const moved: Answer[] = [
    { ids: ['~a', '~b'], total: 4, more: true },
    { ids: ['~b', '~c'], total: 4, more: false },
  ];
  const still: Answer[] = [
    { ids: ['~z', '~a'], total: 4, more: true },
    { ids: ['~b', '~c'], total: 4, more: false },
  ];
  expect(await read([moved, still])).toMatchObject({ keys: ['~z', '~a', '~b', '~c'] });
  // Two equal ones stay two.
  const twins: Answer[] = [
    { ids: ['~a', '~a'], total: 3, more: true },
    { ids: ['~a'], total: 3, more: false },
  ];
  expect(await read([twins])).toMatchObject({ keys: ['~a', '~a', '~a'], asked: [1, 2, 1, 2] });
});

const countedAs: CountedList['countedAs'] = ({ id }) => id?.split(':')[0] ?? '';

test('pages that count people have as many rows as they have days', async () => {
  const people: Answer[] = [
    { ids: ['ann:1', 'ann:2', 'bob:1', 'bob:2'], total: 3 },
    { ids: ['cid:1', 'cid:2'], total: 3 },
  ];
  expect(await read([people], { countedAs })).toMatchObject({ asked: [1, 2] });
});

test('a list that takes more than its patience is to be asked for in smaller pieces', async () => {
  const patience = { pages: 2, passes: 2 };
  expect(await read([[{ ids: ['a'], total: 3, more: true }]], { patience })).toBe(null);
  const restless = Array.from({ length: 9 }, (_, n) => [
    { ids: [`a${n}`], total: n, more: true },
    { ids: ['b'], total: n + 1, more: false },
  ]);
  expect(await read(restless, { patience })).toBe(null);
  await expect(read(restless)).rejects.toMatchObject({ code: 'does-not-hold-still' });
});

test('a server that gives the same page whatever is asked is an error', async () => {
  const same = { ids: ['a', 'b'], total: 4, more: true };
  await expect(read([[same, same]])).rejects.toBeInstanceOf(VendorError);
  const empty = Array.from({ length: 2_000 }, () => ({ ids: [], more: true }));
  await expect(read([empty])).rejects.toMatchObject({ code: 'empty-pages' });
});
