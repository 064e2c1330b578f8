import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The lake with one true month for each table, in the middle: every other file is no Parquet. A query ends well only if it opens
 * none of them, which no engine can be mistaken about.
 *
 * @returns the folder, and per table the month and its rows
 */
export async function makeTraps(lake, folder) {
  const months = [];
  for (const { name, files } of lake.tables) {
    const all = [...new Set(files.map(monthOf))].toSorted((a, b) => a.localeCompare(b));
    const month = all[Math.floor(all.length / 2)];
    let rows = 0;
    for (const file of files) {
      const to = join(folder, file.path);
      await mkdir(dirname(to), { recursive: true });
      if (monthOf(file) !== month) await writeFile(to, 'no Parquet\n');
      else {
        await copyFile(join(lake.folder, file.path), to);
        rows += file.rows;
      }
    }
    months.push({ name, month, rows, isSet: all.length > 1 });
  }
  return { folder, months };
}

export const monthOf = ({ span }) => span.slice(0, 7);
