import type { Page } from '../../model.ts';
import { type ListPage, scan } from './offset.ts';

/**
 * Reads a list whose pages are numbered. Rows that come or go shift all pages behind them, and nothing shows it: a list of
 * more than one page is read until two readings agree.
 *
 * @param fetch   asks for a page by its number
 * @param subject the path, for errors
 * @param first   the number of the first page
 */
export function numberedPages(
  fetch: (page: number) => Promise<ListPage>,
  subject: string,
  first = 1,
): AsyncGenerator<Page, 'complete' | 'too-large'> {
  return scan({
    fetch: (_offset, place) => fetch(first + place),
    belongs: () => true,
    overlaps: false,
    totalIsProof: true,
    place: null,
    subject,
  });
}
