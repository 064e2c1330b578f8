import type { Page } from '../model.ts';

/** The pages of one part of a series: the part is complete with the last of them. Pure. */
export function completing(pages: readonly Page[], part: string): Page[] {
  return pages.map((page, i) => (i === pages.length - 1 ? { ...page, part } : page));
}
