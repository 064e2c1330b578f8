import { copyFile, link, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { z } from 'zod';
import { writeDurably, syncToDisk } from '../../platform/durable.ts';
import { isAbsent, readPlain } from '../../platform/plain-file.ts';
import { isKept } from './calendar.ts';
import { removeFiles, STAGING, type Strays } from './folder.ts';
import type { LakeFile, Manifest } from './manifest.ts';
import { BARRIER, BARRIER_PATH, FORMER_PATH, isOfRows, stagedName, tableOf } from './paths.ts';
import type { Staged } from './stage.ts';

/** Names the files that are being replaced or removed, until the manifest speaks of what is there then. */
export const PLACING = '.placing.json';
const PATHS = z.array(z.string().refine((path) => isOfRows(path) || BARRIER_PATH.test(path)));
const LARGEST = 256 * 1024 * 1024;

const BARRIER_TEXT = `auditlake is replacing the files of this folder, and is done in a moment: read it again.
If it never is, a run was killed here, and the next one completes it.\n`;

/** What changes in one folder that people read. */
type Change = { links: Staged[]; removed: string[] };

/**
 * Moves complete files to where readers find them, on the disk before it returns. Files that the manifest names stay as they are.
 *
 * @param strays `shown` is removed here; `fixed` is removed by the caller once the manifest speaks of the new files
 */
export async function placeFiles(
  lake: string,
  staged: readonly Staged[],
  strays: Strays,
): Promise<void> {
  if (staged.length + strays.shown.length + strays.fixed.length === 0) return;
  const changes = changesOf(staged, strays.shown);
  const barriers = [...changes].filter(([, change]) => needsBarrier(change));
  const paths = [
    ...staged.flatMap(({ file }) => [file.fixed, file.path]),
    ...strays.shown,
    ...strays.fixed,
    ...barriers.map(([folder]) => `${folder}/${BARRIER}`),
  ];
  await writeDurably(join(lake, PLACING), `${JSON.stringify([...new Set(paths)])}\n`);
  for (const { file, from } of staged) {
    await mkdir(dirname(join(lake, file.fixed)), { recursive: true, mode: 0o700 });
    await rename(from, join(lake, file.fixed));
  }
  for (const [folder, change] of changes) await changeFolder(lake, folder, change);
  await syncFolders(
    lake,
    staged.flatMap(({ file }) => [file.fixed, file.path]),
  );
}

/** By folder; everything of a table together where its files have to go from the folders of a layout before. */
function changesOf(staged: readonly Staged[], removed: readonly string[]): Map<string, Change> {
  const former = new Set(removed.filter((path) => FORMER_PATH.test(path)).map(tableOf));
  const changes = new Map<string, Change>();
  const changeOf = (path: string): Change => {
    const folder = former.has(tableOf(path)) ? tableOf(path) : dirname(path);
    const known = changes.get(folder) ?? { links: [], removed: [] };
    changes.set(folder, known);
    return known;
  };
  for (const one of staged) changeOf(one.file.path).links.push(one);
  for (const path of removed) changeOf(path).removed.push(path);
  return changes;
}

/** Where rows go from one name to another. One name is replaced by another file at once. */
function needsBarrier({ links, removed }: Change): boolean {
  return links.length > 0 && removed.length > 0;
}

/**
 * Several names cannot change at once, so that whoever lists the folder in between must not get an answer. What is listed before fails as
 * well: a name that it has is gone, or still has the rows that it had.
 */
async function changeFolder(lake: string, folder: string, change: Change): Promise<void> {
  const barrier = needsBarrier(change) ? join(lake, folder, BARRIER) : null;
  if (barrier !== null) {
    await mkdir(join(lake, folder), { recursive: true, mode: 0o700 });
    await writeFile(barrier, BARRIER_TEXT, { mode: 0o600 });
  }
  await removeFiles(
    lake,
    change.removed.filter((path) => join(lake, path) !== barrier),
  );
  for (const { file } of change.links) await show(lake, file);
  if (barrier !== null) await rm(barrier);
}

/** What link answers where a file system has no second names, or no more of them for this file. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV', 'EACCES']);

/** Gives a file its second name, in the place of the file that had it; or a copy that name, where the disk knows no second names. */
async function show(lake: string, file: LakeFile): Promise<void> {
  const [fixed, shown] = [join(lake, file.fixed), join(lake, file.path)];
  const next = join(lake, STAGING, stagedName(file.path));
  await mkdir(dirname(shown), { recursive: true, mode: 0o700 });
  await rm(next, { force: true });
  try {
    await link(fixed, next);
  } catch (error) {
    if (!NO_LINKS.has(String((error as NodeJS.ErrnoException).code))) throw error;
    await copyFile(fixed, next);
    await syncToDisk(next);
  }
  await rename(next, shown);
}

async function syncFolders(lake: string, paths: readonly string[]): Promise<void> {
  const folders = new Set<string>([lake]);
  for (const path of paths) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      folders.add(join(lake, folder));
    }
  }
  for (const folder of folders) await syncToDisk(folder);
}

/** The files of the manifest that are as it says under both names, as far as a look at the folders can tell; by path. */
export async function filesInPlace(
  lake: string,
  files: readonly LakeFile[],
  doubtful: ReadonlySet<string>,
): Promise<Map<string, LakeFile>> {
  const found = new Map<string, LakeFile>();
  for (const file of files) {
    if (doubtful.has(file.fixed) || doubtful.has(file.path)) continue;
    const names = [file.fixed, file.path].map((path) => hasSize(join(lake, path), file.bytes));
    if ((await Promise.all(names)).every(Boolean)) found.set(file.path, file);
  }
  return found;
}

async function hasSize(path: string, bytes: number): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found !== null && found.isFile() && found.size === bytes;
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

/** What the manifest before named and this one does not, as long as it may be kept. */
export async function replacedFiles(
  lake: string,
  former: readonly LakeFile[],
  files: readonly LakeFile[],
  keepFrom: string | null,
): Promise<Manifest['replaced']> {
  const named = new Set(files.map(({ fixed }) => fixed));
  const replaced: Manifest['replaced'] = [];
  for (const { fixed, rows, bytes, sha256, table, span } of former) {
    if (named.has(fixed) || !isKept(table, span, keepFrom)) continue;
    if (await hasSize(join(lake, fixed), bytes)) replaced.push({ fixed, rows, bytes, sha256 });
  }
  return replaced;
}

/** Whether all files that are kept for readers are there. */
export async function areInPlace(lake: string, replaced: Manifest['replaced']): Promise<boolean> {
  const found = replaced.map(({ fixed, bytes }) => hasSize(join(lake, fixed), bytes));
  return (await Promise.all(found)).every(Boolean);
}
