import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeDurably, syncToDisk } from '../../platform/durable.ts';
import { isAbsent, readPlain, sizeOfPlain } from '../../platform/plain-file.ts';
import { FILE_PATH, type LakeFile, type Manifest } from './manifest.ts';
import type { Staged } from './stage.ts';

/** Names the files that are being replaced or removed, until the manifest speaks of what is there then. */
export const PLACING = '.placing.json';
const PATHS = z.array(z.string().regex(FILE_PATH));
const LARGEST = 256 * 1024 * 1024;

/**
 * Moves complete files to where readers find them, on the disk before it returns.
 *
 * @param strays what is removed before the manifest speaks of the new files
 */
export async function placeFiles(
  lake: string,
  staged: readonly Staged[],
  strays: readonly string[],
): Promise<void> {
  if (staged.length + strays.length === 0) return;
  const paths = [...staged.map(({ file }) => file.path), ...strays];
  await writeDurably(join(lake, PLACING), `${JSON.stringify(paths)}\n`);
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

/** The files of the manifest that are as it says, as far as a look at the folders can tell. */
export async function filesInPlace(
  lake: string,
  manifest: Manifest | null,
): Promise<Map<string, LakeFile>> {
  const found = new Map<string, LakeFile>();
  const doubtful = await interrupted(lake);
  if (doubtful === 'all') return found;
  for (const file of manifest?.files ?? []) {
    if (doubtful.has(file.path)) continue;
    const size = await sizeOfPlain(join(lake, file.path)).catch(() => -1);
    if (size === file.bytes) found.set(file.path, file);
  }
  return found;
}

/** What a run that was killed may have replaced or removed without saying so in the manifest. */
export async function interrupted(lake: string): Promise<Set<string> | 'all'> {
  try {
    const text = (await readPlain(join(lake, PLACING), LARGEST)).toString('utf8');
    return new Set(PATHS.parse(JSON.parse(text)));
  } catch (error) {
    return isAbsent(error) ? new Set() : 'all';
  }
}

/** Once the manifest is in place. */
export async function placingIsOver(lake: string): Promise<void> {
  await rm(join(lake, PLACING), { force: true });
}
