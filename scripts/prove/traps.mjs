import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * The lake with one true day for each table, in the middle: every other file is no Parquet. A query ends well only if it opens
 * none of them, which no engine can be mistaken about.
 *
 * @returns the folder, and per table the day and its rows
 */
export async function makeTraps(lake, folder) {
  const days = [];
  for (const { name, files } of lake.tables) {
    const dts = [...new Set(files.map(({ dt }) => dt))].toSorted((a, b) => a.localeCompare(b));
    const dt = dts[Math.floor(dts.length / 2)];
    let rows = 0;
    for (const file of files) {
      const to = join(folder, file.path);
      await mkdir(dirname(to), { recursive: true });
      if (file.dt !== dt) await writeFile(to, 'no Parquet\n');
      else {
        await copyFile(join(lake.folder, file.path), to);
        rows += file.rows;
      }
    }
    days.push({ name, dt, rows, isSet: dts.length > 1 });
  }
  return { folder, days };
}
