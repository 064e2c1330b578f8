/** How many of a thing, in words: `1 row`, `2 rows`, `3 batches`. @param many where an s does not do */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
