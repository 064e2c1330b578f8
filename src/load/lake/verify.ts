import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { differenceFrom, type FileDifference } from '../../platform/noted-file.ts';
import { sizeOfPlain } from '../../platform/plain-file.ts';
import { filesOf, STAGING } from './folder.ts';
import { TEMPORARY } from './lake.ts';
import {
  type FormerManifest,
  lakeFolder,
  LAYOUT,
  lookForManifest,
  type Manifest,
} from './manifest.ts';
import { BARRIER_PATH, FIXED_PATH, FORMER_PATH, isStaged } from './paths.ts';
import { interrupted, PLACING } from './place.ts';

/** `file` is relative to the home. */
export type LakeFault = { file: string; what: string };

/** What is in the folder of the lake, compared with its own notes. Whether the rows are right is another question. */
export type LakeFiles = {
  /** How many the manifest names. */
  files: number;
  /** The seq that it names; null without one. */
  seq: number | null;
  /** Null where there is none of this layout. */
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
  const result: LakeFiles = {
    files: typeof found === 'string' ? 0 : found.files.length,
    seq: typeof found === 'string' ? null : found.seq,
    manifest: typeof found === 'string' || found.version !== LAYOUT ? null : found,
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
  const doubtful = placing === 'all' ? new Set<string>() : placing;
  const named = new Set(['manifest.json']);
  if (typeof found !== 'string') {
    if (found.version !== LAYOUT) add(result.unfinished, 'manifest.json', FORMER_LAYOUT);
    for (const each of namedBy(found)) {
      await compareNamed(lake, each, doubtful, result);
      for (const path of each.paths) named.add(path);
    }
  }
  for (const path of present) {
    if (!named.has(path)) await judgeUnnamed(lake, path, doubtful, result);
  }
  return result;
}

/** A file under all its names. */
type Named = { paths: string[]; bytes: number; sha256: string };

function namedBy(manifest: Manifest | FormerManifest): Named[] {
  if (manifest.version !== LAYOUT) {
    return manifest.files.map(({ path, bytes, sha256 }) => ({ bytes, sha256, paths: [path] }));
  }
  const { files, replaced } = manifest;
  return [
    ...files.map(({ path, fixed, bytes, sha256 }) => ({ bytes, sha256, paths: [fixed, path] })),
    ...replaced.map(({ fixed, bytes, sha256 }) => ({ bytes, sha256, paths: [fixed] })),
  ];
}

async function compareNamed(
  lake: string,
  file: Named,
  doubtful: ReadonlySet<string>,
  to: LakeFiles,
): Promise<void> {
  const [first = '', ...others] = file.paths;
  const difference = await differenceFrom(join(lake, first), file);
  judge(first, difference);
  for (const path of others) {
    // Two names of one file have one content.
    const isSame = difference === null && (await areOne(join(lake, first), join(lake, path)));
    judge(path, isSame ? null : await differenceFrom(join(lake, path), file));
  }

  function judge(path: string, found: FileDifference | null): void {
    if (found === null) return;
    const isDoubtful = doubtful.has(path);
    if (isDoubtful && FORMER_PATH.test(path) && found.kind !== 'unreadable') {
      add(to.unfinished, path, LEFT_OVER);
    } else if (!isDoubtful || FIXED_PATH.test(path) || found.kind === 'unreadable') {
      add(to.faults, path, differenceText(found, file));
    } else if (found.kind === 'missing') {
      add(to.unfinished, path, 'is missing: it is being replaced');
    } else to.replaced.push(path);
  }
}

async function judgeUnnamed(
  lake: string,
  path: string,
  doubtful: ReadonlySet<string>,
  to: LakeFiles,
): Promise<void> {
  const isDoubtful = doubtful.has(path);
  const isLeft = isDoubtful && [FORMER_PATH, FIXED_PATH, BARRIER_PATH].some((of) => of.test(path));
  if (isLeft || isLeftOver(path)) add(to.unfinished, path, LEFT_OVER);
  else if (isDoubtful && (await isPlain(join(lake, path)))) to.replaced.push(path);
  else add(to.faults, path, UNNAMED);
}

const UNREADABLE = 'is missing or not as auditlake writes it: the next sync writes the lake again';
const FORMER_LAYOUT =
  'is of an earlier layout, with a folder per day and not per month: the next sync writes the lake again';
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

/** `.staged/audit_events+src=acme+month=2026-03+2026-03-01.parquet.staged`, and the temporary names of notes. */
function isLeftOver(path: string): boolean {
  if (path === PLACING || TEMPORARY.includes(path)) return true;
  return path.startsWith(`${STAGING}/`) && isStaged(path.slice(STAGING.length + 1));
}

function differenceText(difference: FileDifference, file: Named): string {
  if (difference.kind === 'missing') return 'is missing';
  if (difference.kind === 'size') return `has ${difference.bytes} bytes, not ${file.bytes}`;
  if (difference.kind === 'content') return 'is altered: its SHA-256 differs';
  return `cannot be read: ${difference.why}`;
}

async function areOne(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all(
    [one, other].map((path) => lstat(path).catch(() => null)),
  );
  return left !== null && right !== null && left?.ino === right?.ino && left?.dev === right?.dev;
}

async function isPlain(path: string): Promise<boolean> {
  return await sizeOfPlain(path).then(
    () => true,
    () => false,
  );
}
