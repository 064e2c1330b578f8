import type { Page } from '../model.ts';

/** The pages of one part of a series, the last of which completes it. Pure. */
export function completePart(pages: readonly Page[], part: string): Page[] {
  return pages.map((page, i) => (i === pages.length - 1 ? { ...page, part } : page));
}
