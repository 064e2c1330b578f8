import { rm } from 'node:fs/promises';
import { type Item, type Row, rowsOf, TestArchive } from '../../../load/archive.ts';

/** Every row of a table after one page of a GitHub source was loaded. */
export async function mapped(
  table: string,
  stream: string,
  items: Item[],
  page: { at?: string; context?: Record<string, string> } = {},
): Promise<Row[]> {
  const archive = await TestArchive.open();
  try {
    archive.account = { source: 'hub', vendor: 'github' };
    await archive.add(stream, items, page);
    const { path } = await archive.load();
    return await rowsOf(path, `select * from ${table}`);
  } finally {
    await rm(archive.home, { recursive: true });
  }
}
