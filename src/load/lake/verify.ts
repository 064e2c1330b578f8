import { join } from 'node:path';
import { differenceFrom, type FileDifference } from '../../platform/noted-file.ts';
import { sizeOfPlain } from '../../platform/plain-file.ts';
import {
  FILE_PATH,
  isOfFormerLayout,
  type LakeFile,
  lakeFolder,
  lookForManifest,
  LAYOUT,
  type Manifest,
} from './manifest.ts';
import { filesOf, STAGING } from './folder.ts';
import { interrupted, PLACING } from './place.ts';
import { TEMPORARY } from './lake.ts';

/** `file` is relative to the home. */
export type LakeFault = { file: string; what: string };

/** What is in the folder of the lake, compared with its own notes. Whether the rows are right is another question. */
export type LakeFiles = {
  /** How many the manifest names. */
  files: number;
  manifest: Manifest | null;
  faults: LakeFault[];
  /** What a run left half done that was killed: the next one completes it. */
  unfinished: LakeFault[];
  /** Files that a killed run replaced before the manifest said so. Their rows have to tell. */
  replaced: string[];
};

/** Somebody may have put a million files there. */
const MAX_LISTED = 1_000;

/** Compares the lake with its manifest. A lake that does not exist is in order. */
export async function verifyLake(home: string): Promise<LakeFiles> {
  const lake = lakeFolder(home);
  const present = await filesOf(lake);
  const found = await lookForManifest(lake);
  const placing = await interrupted(lake);
  const manifest = typeof found === 'string' ? null : found;
  const result: LakeFiles = {
    files: manifest?.files.length ?? 0,
    manifest,
    faults: [],
    unfinished: [],
    replaced: [],
  };
  if (placing === 'all') add(result.faults, PLACING, 'is not as auditlake writes it');
  // Any run that writes the lake for the first time may be killed before its manifest is written.
  if (found === 'broken' || (found === 'absent' && !present.every(isLeftOver) && noneOf(placing))) {
    add(result.faults, 'manifest.json', UNREADABLE);
    return result;
  }
  if (manifest !== null && manifest.version < LAYOUT) {
    add(result.unfinished, 'manifest.json', FORMER_LAYOUT);
  }
  const doubtful = placing === 'all' ? new Set<string>() : placing;
  for (const file of manifest?.files ?? []) {
    const difference = await differenceFrom(join(lake, file.path), file);
    if (difference === null) continue;
    const { kind } = difference;
    if (doubtful.has(file.path) && isOfFormerLayout(file.path) && kind !== 'unreadable') {
      add(result.unfinished, file.path, LEFT_OVER);
    } else if (!doubtful.has(file.path) || kind === 'unreadable') {
      add(result.faults, file.path, differenceText(difference, file));
    } else if (kind === 'missing') {
      add(result.unfinished, file.path, 'is missing: it is being replaced');
    } else result.replaced.push(file.path);
  }
  const named = new Set(['manifest.json', ...(manifest?.files.map(({ path }) => path) ?? [])]);
  for (const path of present) {
    if (named.has(path)) continue;
    const isLeft = isLeftOver(path) || (doubtful.has(path) && isOfFormerLayout(path));
    if (isLeft) add(result.unfinished, path, LEFT_OVER);
    else if (doubtful.has(path) && (await isPlain(join(lake, path)))) result.replaced.push(path);
    else add(result.faults, path, UNNAMED);
  }
  return result;
}

const UNREADABLE = 'is missing or not as auditlake writes it: the next sync writes the lake again';
const FORMER_LAYOUT =
  'is of an earlier layout, with folders source= and not src=: the next sync writes the lake again';
const LEFT_OVER = 'was left by a run that did not get to its end; the next sync removes it';
const UNNAMED =
  'is not in the manifest: not written by auditlake, so that it is left alone; keep it elsewhere';

function add(to: LakeFault[], path: string, what: string): void {
  if (to.length < MAX_LISTED) to.push({ file: `lake/${path}`, what });
  else if (to.length === MAX_LISTED) to.push({ file: 'lake', what: 'and more' });
}

function noneOf(placing: Set<string> | 'all'): boolean {
  return placing === 'all' || placing.size === 0;
}

/** `.staged/audit_events+src=acme+dt=2026-03-01+data.parquet.staged`, and the temporary names of notes. */
function isLeftOver(path: string): boolean {
  if (path === PLACING || TEMPORARY.includes(path)) return true;
  const [folder, name = '', ...deeper] = path.split('/');
  if (folder !== STAGING || deeper.length > 0 || !name.endsWith('.staged')) return false;
  return FILE_PATH.test(name.slice(0, -'.staged'.length).replaceAll('+', '/'));
}

function differenceText(difference: FileDifference, file: LakeFile): string {
  if (difference.kind === 'missing') return 'is missing';
  if (difference.kind === 'size') return `has ${difference.bytes} bytes, not ${file.bytes}`;
  if (difference.kind === 'content') return 'is altered: its SHA-256 differs';
  return `cannot be read: ${difference.why}`;
}

async function isPlain(path: string): Promise<boolean> {
  return await sizeOfPlain(path).then(
    () => true,
    () => false,
  );
}
