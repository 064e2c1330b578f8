/** Bytes per event of everything that a first sync leaves on disk. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export async function bytesPerEvent(home, events) {
  return {
    lake: (await lakeBytes(home, events)) / events,
    archive: (await folderBytes(join(home, 'archive'))) / events,
    // The link leads to the generation that is read; the one before it is kept for its readers only.
    warehouse: (await stat(join(home, 'warehouse.duckdb'))).size / events,
  };
}

/** The files of the table alone, which hold each event as served (`raw`) besides its columns. */
async function lakeBytes(home, events) {
  const { files } = JSON.parse(await readFile(join(home, 'lake/manifest.json'), 'utf8'));
  const own = files.filter(({ table }) => table === 'audit_events');
  const rows = own.reduce((sum, file) => sum + file.rows, 0);
  if (rows !== events) throw new Error(`the lake has ${rows} events, not ${events}`);
  const sizes = await Promise.all(
    own.map(async ({ path }) => (await stat(join(home, 'lake', path))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function folderBytes(folder) {
  const names = await readdir(folder, { recursive: true });
  const stats = await Promise.all(names.map((name) => stat(join(folder, name))));
  return stats.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
}
