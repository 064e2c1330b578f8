import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeDurably, syncToDisk } from '../../platform/durable.ts';
import { FILE_PATH, type LakeFile, type Manifest } from './manifest.ts';
import type { Staged } from './stage.ts';

/** Lists the files that are being replaced, until the manifest names the new ones. */
export const PLACING = '.placing.json';
const PATHS = z.array(z.string().regex(FILE_PATH));

/** Moves complete files to where readers find them; durable when it returns. */
export async function placeFiles(lake: string, staged: readonly Staged[]): Promise<void> {
  if (staged.length === 0) return;
  await writeDurably(
    join(lake, PLACING),
    `${JSON.stringify(staged.map(({ file }) => file.path))}\n`,
  );
  const folders = new Set<string>([lake]);
  for (const { file, from } of staged) {
    const to = join(lake, file.path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
    for (let folder = dirname(file.path); folder !== '.'; folder = dirname(folder)) {
      folders.add(join(lake, folder));
    }
  }
  for (const folder of folders) await syncToDisk(folder);
}

/** The files of the manifest that are in place with the size it says. Does not read them. */
export async function filesInPlace(
  lake: string,
  manifest: Manifest | null,
): Promise<Map<string, LakeFile>> {
  const found = new Map<string, LakeFile>();
  const doubtful = await interrupted(lake);
  if (doubtful === 'all') return found;
  for (const file of manifest?.files ?? []) {
    if (doubtful.has(file.path)) continue;
    const size = await stat(join(lake, file.path)).then(
      (stats) => (stats.isFile() ? stats.size : -1),
      () => -1,
    );
    if (size === file.bytes) found.set(file.path, file);
  }
  return found;
}

/** Files that a killed run may have replaced before it wrote the manifest. */
async function interrupted(lake: string): Promise<Set<string> | 'all'> {
  const text = await readFile(join(lake, PLACING), 'utf8').catch(() => null);
  if (text === null) return new Set();
  try {
    return new Set(PATHS.parse(JSON.parse(text)));
  } catch {
    return 'all';
  }
}

/** Once the manifest is in place. */
export async function placingIsOver(lake: string): Promise<void> {
  await rm(join(lake, PLACING), { force: true });
}
