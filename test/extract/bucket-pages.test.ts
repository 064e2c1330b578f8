import { expect, test } from 'vitest';
import { VendorError } from '../../src/errors.ts';
import { type Buckets, bucketPages } from '../../src/extract/paging/bucket-pages.ts';
import type { CursorPage } from '../../src/extract/paging/cursor.ts';
import type { Page, Window } from '../../src/model.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 5, 1);
const WINDOW = { from: START, to: START + 6 * DAY };

/** A usage API that gives two days a page, and one that nobody asked for at the end of a range. */
function api(more: Partial<Buckets> = {}) {
  const asked: string[] = [];
  const buckets: Buckets = {
    part: 'all',
    subject: '/usage',
    context: { granularity: 'daily' },
    async fetch(range: Window, after) {
      asked.push(`${day(range.from)}-${day(range.to)} ${after ?? ''}`.trim());
      return pageOf(after === null ? range.from : Number(after), range.to);
    },
    ...more,
  };
  return { asked, buckets };
}

function pageOf(from: number, to: number): CursorPage {
  const times = [from, from + DAY].filter((at) => at <= to);
  const next = from + 2 * DAY;
  return {
    rows: times.map((time) => ({ bytes: Buffer.from(`{"at":${time}}`), id: null, time })),
    note: { request: '/usage', status: 200, at: 0, bytes: 0, sha256: '', records: times.length },
    cursor: next <= to ? String(next) : null,
    more: null,
  };
}

function day(at: number): number {
  return new Date(at).getUTCDate();
}

async function read(buckets: Buckets): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of bucketPages(WINDOW, buckets)) pages.push(page);
  return pages;
}

const keysOf = (pages: readonly Page[]): string[] =>
  pages.flatMap(({ records }) => records.map(({ key }) => key));

const SIX = [1, 2, 3, 4, 5, 6].map((n) => `all/2026-06-0${n}T00:00:00.000Z`);

test('every bucket of the window and no other, each with its context; the last page completes the series', async () => {
  const { buckets } = api();
  const pages = await read(buckets);
  expect(keysOf(pages)).toEqual(SIX);
  expect(pages.map(({ part }) => part ?? null)).toEqual([null, null, null, 'all']);
  expect(pages[0]?.note.context).toEqual({ granularity: 'daily' });
});

test('a range that is too long is asked for in several', async () => {
  const { asked, buckets } = api({ longest: 4 * DAY });
  expect(keysOf(await read(buckets))).toEqual(SIX);
  expect(asked.filter((question) => !question.includes(' '))).toEqual(['1-5', '5-7']);
});

test('a token that has expired on the way begins the range again', async () => {
  const { buckets } = api();
  let left = 1;
  const fetch = buckets.fetch.bind(buckets);
  buckets.fetch = (range, after) => {
    if (after !== null && left > 0) {
      left -= 1;
      throw expired();
    }
    return fetch(range, after);
  };
  expect(keysOf(await read(buckets))).toEqual([...SIX.slice(0, 2), ...SIX]);
  left = 100;
  await expect(read(buckets)).rejects.toMatchObject({ status: 410 });
});

function expired(): VendorError {
  return new VendorError({
    fault: 'rejected',
    code: 'request-rejected',
    url: '/usage',
    status: 410,
    what: 'status 410',
    hint: '',
  });
}
