import { DEVIN, type Item, type Row, TestArchive, rowsOf } from '../../../load/archive.ts';

/** Every row of a table after one page of a Devin source was loaded. */
export async function mapped(
  table: string,
  stream: string,
  items: Item[],
  page: { at?: string; context?: Record<string, string> } = {},
): Promise<Row[]> {
  const archive = await TestArchive.make();
  archive.account = DEVIN;
  await archive.add(stream, items, page);
  const { path } = await archive.load();
  return rowsOf(path, `select * from ${table}`);
}
