import { VendorError } from '../../errors.ts';
import type { PageNote } from '../../model.ts';
import { MAX_PAGES_PER_LIST } from '../limits.ts';
import type { Row } from '../record.ts';
import { BarrenPages } from './barren-pages.ts';

/** One answer of a list that is paged by cursor. `more` is null where the answer does not say. */
export type CursorPage = {
  rows: Row[];
  note: PageNote;
  cursor: string | null;
  more: boolean | null;
};

/**
 * Whether a list ends with this page. Where it is not said, a cursor promises more, unless an empty page just gives back
 * the one that was followed to it.
 *
 * @param after the cursor that the page was asked with
 */
export function isLastPage({ more, cursor, rows }: CursorPage, after: string | null): boolean {
  if (more !== null) return !more;
  return cursor === null || (rows.length === 0 && cursor === after);
}

/**
 * Follows the cursor to the end of a list. "There is more" without a cursor to go on with, or with one that was followed
 * before, is never taken for the end: a vendor has once sent it in the middle of a list. Nor is an empty page.
 *
 * @throws VendorError `unstable` where it cannot go on, or meets a limit
 */
export async function* cursorPages<Fetched extends CursorPage>(
  fetch: (after: string | null) => Promise<Fetched>,
  subject: string,
): AsyncGenerator<Fetched & { isLast: boolean }> {
  const used = new Set<string>();
  let after: string | null = null;
  const barren = new BarrenPages();
  for (let pages = 1; ; pages += 1) {
    const page = await fetch(after);
    const isLast = isLastPage(page, after);
    yield { ...page, isLast };
    if (isLast) return;
    if (page.cursor === null || used.has(page.cursor)) throw lost(subject, page.cursor !== null);
    if (barren.add(page)) throw endlesslyEmpty(subject);
    if (pages >= MAX_PAGES_PER_LIST) throw endless(subject);
    used.add(page.cursor);
    after = page.cursor;
  }
}

const SAFE = 'what was read is safe and the next run tries again';

function lost(subject: string, repeats: boolean): VendorError {
  return unstable(subject, {
    code: repeats ? 'cursor-repeats' : 'cursor-missing',
    what: repeats
      ? 'the answer says that there is more and gives a cursor that was followed before'
      : 'the answer says that there is more and gives no cursor to go on with',
    hint: `the vendor’s paging is at fault; ${SAFE}`,
  });
}

/** The error for a list that promises more and brings nothing. */
export function endlesslyEmpty(subject: string): VendorError {
  return unstable(subject, {
    code: 'empty-pages',
    what: 'page after page brought nothing new, each with a cursor to the next',
    hint: `the vendor’s paging is at fault; ${SAFE}`,
  });
}

/** The error for a list that does not end. */
export function endless(subject: string): VendorError {
  return unstable(subject, {
    code: 'list-too-long',
    what: `the list did not end after ${MAX_PAGES_PER_LIST} pages`,
    hint: `the vendor’s paging is at fault, or the list is larger than any that is known; ${SAFE}`,
  });
}

/** The source answered well, and its list cannot be read to its end. */
function unstable(
  subject: string,
  about: { code: string; what: string; hint: string },
): VendorError {
  return new VendorError({ fault: 'unstable', url: subject, status: 200, ...about });
}
