/** Numbers in sentences. */

/** The word for so many of a thing: `row`, `rows`. @param many where an s does not do */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** How many of a thing: `1 row`, `2 rows`, `3 batches`. */
export function counted(count: number, one: string, many?: string): string {
  return `${count} ${plural(count, one, many)}`;
}
