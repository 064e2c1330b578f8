import { rm } from 'node:fs/promises';
import { DEVIN, type Item, type Row, TestArchive, rowsOf } from '../../../load/archive.ts';

type Page = { at?: string; context?: Record<string, string> };

/** Every row of a table after one page of a Devin source was loaded. */
export async function mapped(
  table: string,
  stream: string,
  items: Item[],
  page: Page = {},
): Promise<Row[]> {
  const archive = await TestArchive.open();
  try {
    archive.account = DEVIN;
    await archive.add(stream, items, page);
    const { path } = await archive.load();
    return await rowsOf(path, `select * from ${table}`);
  } finally {
    await rm(archive.home, { recursive: true });
  }
}

/**
 * The same for a whole table of cases, each an account of its own: to load takes longer than to map.
 *
 * @returns the rows of each case, as if it had been loaded alone
 */
export async function mappedEach(
  table: string,
  cases: readonly { stream: string; items: Item[]; page: Page }[],
): Promise<Row[][]> {
  const archive = await TestArchive.open();
  try {
    for (const [i, { stream, items, page }] of cases.entries()) {
      archive.account = { ...DEVIN, source: `agents-${i}` };
      await archive.add(stream, items, page);
    }
    const { path } = await archive.load();
    const rows = await rowsOf(path, `select * from ${table}`);
    return cases.map((_, i) =>
      rows
        .filter(({ source }) => source === `agents-${i}`)
        .map((row) => ({ ...row, source: DEVIN.source, seq: 1 })),
    );
  } finally {
    await rm(archive.home, { recursive: true });
  }
}
