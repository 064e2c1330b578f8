import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { VendorError } from '../../src/errors.ts';
import { MAX_EMPTY_PAGES } from '../../src/extract/limits.ts';
import { type CursorPage, cursorPages } from '../../src/extract/paging/cursor.ts';

type Said = { rows: number; cursor: string | null; more: boolean | null };

/** Follows a list whose server answers like this, one after the other; then the last again and again. */
async function follow(answers: readonly Said[]) {
  const asked: (string | null)[] = [];
  let rows = 0;
  let code = 'whole';
  const fetch = (after: string | null): Promise<CursorPage> => {
    if (asked.length > 2 * MAX_EMPTY_PAGES) throw new Error('it goes on for ever');
    const said = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(after);
    if (said === undefined) throw new Error('no answer');
    const note = { request: '/x', status: 200, at: 0, bytes: 0, sha256: '', records: said.rows };
    const row = { bytes: Buffer.from('{}'), id: null, time: null };
    return Promise.resolve({ ...said, note, rows: Array.from({ length: said.rows }, () => row) });
  };
  try {
    for await (const page of cursorPages(fetch, '/x')) rows += page.rows.length;
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    code = `${error.fault} ${error.code}`;
  }
  return { asked, rows, code };
}

const page = (rows: number, cursor: string | null, more: boolean | null): Said => ({
  rows,
  cursor,
  more,
});

test.each<[string, Said[], (string | null)[], string]>([
  ['one page', [page(3, null, false)], [null], 'whole'],
  ['nothing', [page(0, null, false)], [null], 'whole'],
  ['only items', [page(3, null, null)], [null], 'whole'],
  ['two pages', [page(2, 'a', true), page(1, null, false)], [null, 'a'], 'whole'],
  ['a cursor on the last page', [page(2, 'a', true), page(1, 'b', false)], [null, 'a'], 'whole'],
  ['without has_next_page', [page(2, 'a', null), page(1, null, null)], [null, 'a'], 'whole'],
  ['an empty end without it', [page(2, 'a', null), page(0, 'b', null)], [null, 'a', 'b'], 'whole'],
  [
    'an empty page between',
    [page(2, 'a', true), page(0, 'b', true), page(1, null, false)],
    [null, 'a', 'b'],
    'whole',
  ],
  ['no cursor', [page(2, null, true)], [null], 'unstable cursor-missing'],
  [
    'no cursor later',
    [page(2, 'a', true), page(2, null, true)],
    [null, 'a'],
    'unstable cursor-missing',
  ],
  ['the same cursor', [page(2, 'a', true)], [null, 'a'], 'unstable cursor-repeats'],
  ['the same without it', [page(2, 'a', null)], [null, 'a'], 'unstable cursor-repeats'],
  [
    'a circle',
    [page(1, 'a', true), page(1, 'b', true), page(1, 'a', true)],
    [null, 'a', 'b'],
    'unstable cursor-repeats',
  ],
])('%s', async (_what, answers, asked, code) => {
  expect(await follow(answers)).toMatchObject({ asked, code });
});

test.each([true, null])('empty pages are followed, and not for ever (more: %s)', async (more) => {
  const empty = Array.from({ length: MAX_EMPTY_PAGES - 1 }, (_, i) => page(0, `e${i}`, more));
  const few = await follow([page(1, 'a', more), ...empty, page(2, null, false)]);
  expect({ rows: few.rows, code: few.code }).toEqual({ rows: 3, code: 'whole' });
  const many = await follow([
    page(1, 'a', more),
    ...empty,
    page(0, 'z', more),
    page(2, null, false),
  ]);
  expect({ rows: many.rows, code: many.code }).toEqual({ rows: 1, code: 'unstable empty-pages' });
});

test('"there is more" is never the end of a whole list, and every list ends', async () => {
  const said = fc.record({
    rows: fc.nat({ max: 3 }),
    cursor: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
    more: fc.option(fc.boolean()),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 8 }), async (answers) => {
      const { asked, code } = await follow(answers);
      const last = answers[Math.min(asked.length, answers.length) - 1];
      if (code === 'whole') expect(last?.more).not.toBe(true);
      expect(new Set(asked).size).toBe(asked.length);
    }),
  );
});
