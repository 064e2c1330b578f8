import type { Page } from '../../model.ts';
import { type ListPage, scan } from './offset.ts';

/**
 * Reads a list whose pages are numbered. Rows that come or go shift all pages behind them, as with offsets, so that it is
 * read until two readings agree, or until one has exactly as many rows as the vendor counts.
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
    overlap: 0,
    totalIsProof: true,
    place: null,
    subject,
  });
}
