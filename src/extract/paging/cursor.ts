import { VendorError } from '../../errors.ts';
import type { PageNote } from '../../model.ts';
import type { Row } from '../record.ts';

/** One answer of a list that is paged by cursor. `more` is null where the answer does not say. */
export type CursorPage = {
  rows: Row[];
  note: PageNote;
  cursor: string | null;
  more: boolean | null;
};

/**
 * Follows the cursor to the end of a list. "There is more" without a cursor to go on with, or with the same one
 * again, is never taken for the end: a vendor has once sent it on pages in the middle.
 *
 * @throws VendorError `unstable` where it cannot go on
 */
export async function* cursorPages(
  fetch: (after: string | null) => Promise<CursorPage>,
  subject: string,
): AsyncGenerator<CursorPage> {
  const used = new Set<string>();
  let after: string | null = null;
  for (;;) {
    const page = await fetch(after);
    yield page;
    if (page.more === false || (page.more === null && page.cursor === null)) return;
    if (page.cursor === null || used.has(page.cursor)) throw lost(subject, page.cursor !== null);
    // An empty page with a cursor might go on for ever; a list that is not at its end has something to give.
    if (page.rows.length === 0 && page.more === null) return;
    used.add(page.cursor);
    after = page.cursor;
  }
}

function lost(subject: string, repeats: boolean): VendorError {
  return new VendorError({
    fault: 'unstable',
    code: repeats ? 'cursor-repeats' : 'cursor-missing',
    url: subject,
    status: 200,
    what: repeats
      ? 'the answer says that there is more and gives a cursor that was followed before'
      : 'the answer says that there is more and gives no cursor to go on with',
    hint: 'the vendor’s paging is at fault; what was read is safe and the next run tries again',
  });
}
