/** What it takes to make the bucket's lake equal to the home's. Pure. */
import { dirname } from 'node:path/posix';
import { z } from 'zod';
import type { HomeFile } from '../port.ts';
import { isMirrorPath } from './key.ts';

const LAKE = 'lake/';

/**
 * The changes in progress: written before the first file of the lake changes, removed after the last. Readers of folders of
 * Parquet files skip names that begin with an underscore.
 */
export const JOURNAL = 'lake/_pending.json';
export const MANIFEST = 'lake/manifest.json';

/** What the bucket says about its lake. */
export type RemoteLake = {
  /** SHA-256 in hex by path in the home. */
  files: Map<string, string>;
  /** What an interrupted run may have changed or left behind. */
  pending: Set<string>;
};

type LakePlan = {
  write: HomeFile[];
  /** Those of `write` that may have been uploaded already. */
  doubtful: Set<string>;
  remove: string[];
  /** Folders in which objects go while others come. */
  changes: FolderChange[];
};

/** The part of a plan that one folder has. */
type FolderChange = { barrier: string; write: HomeFile[]; remove: string[] };

/**
 * Lies in a folder while rows go from one object to another: it is no Parquet file, so that whoever lists the folder then fails
 * instead of finding a row twice or not at all.
 */
const BARRIER = 'read-again.parquet';

/** Manifests of versions before say `link`. */
const NAMES = {
  path: z.string().optional(),
  fixed: z.string().optional(),
  link: z.string().optional(),
};
const FILES = z.object({
  files: z.array(z.object({ ...NAMES, sha256: z.string() })),
  replaced: z.array(z.object({ ...NAMES, sha256: z.string() })).default([]),
});
const PENDING = z.object({ pending: z.array(z.string()) });

/** A text that cannot be parsed counts as missing: then no file counts as uploaded, and none is removed. */
export function readRemote(manifest: string | null, journal: string | null): RemoteLake {
  const { files, replaced } = parsed(FILES, manifest) ?? { files: [], replaced: [] };
  const { pending } = parsed(PENDING, journal) ?? { pending: [] };
  return {
    files: new Map(
      [...files, ...replaced]
        .flatMap(({ path, fixed, link, sha256 }) =>
          [path, fixed, link].flatMap((name) =>
            name === undefined ? [] : [[LAKE + name, sha256] as const],
          ),
        )
        .filter(([path]) => isData(path)),
    ),
    pending: new Set(pending.filter(isData)),
  };
}

export function planLake(now: readonly HomeFile[], remote: RemoteLake): LakePlan {
  const write = now.filter(
    ({ path, sha256 }) => remote.pending.has(path) || remote.files.get(path) !== sha256,
  );
  const named = new Set(now.map(({ path }) => path));
  const remove = [...new Set([...remote.files.keys(), ...remote.pending])].filter(
    (path) => !named.has(path),
  );
  return {
    write,
    remove,
    changes: changesOf(write, remove),
    doubtful: new Set(
      write
        .map(({ path }) => path)
        .filter((path) => remote.pending.has(path) || remote.files.size === 0),
    ),
  };
}

/** What has a name made from its content never changes, so that nobody finds its rows under another one as well. */
function changesOf(write: readonly HomeFile[], remove: readonly string[]): FolderChange[] {
  const folders = new Map<string, FolderChange>();
  const changeIn = (folder: string): FolderChange => {
    const barrier = `${folder}/${BARRIER}`;
    const change = folders.get(folder) ?? { barrier, write: [], remove: [] };
    folders.set(folder, change);
    return change;
  };
  for (const file of write) if (!isFixed(file.path)) changeIn(dirname(file.path)).write.push(file);
  for (const path of remove) if (!isFixed(path)) changeIn(dirname(path)).remove.push(path);
  return [...folders.values()].filter((one) => one.write.length > 0 && one.remove.length > 0);
}

function isFixed(path: string): boolean {
  return path.startsWith(`${LAKE}.`);
}

export function journalOf(plan: LakePlan): string {
  const barriers = plan.changes.map(({ barrier }) => barrier);
  const pending = [
    ...new Set([...plan.write.map(({ path }) => path), ...plan.remove, ...barriers]),
  ];
  return `${JSON.stringify({ version: 1, pending })}\n`;
}

/** The bucket's own texts decide what is removed from it: that must be nothing but data of the lake. */
function isData(path: string): boolean {
  return isMirrorPath(path) && path.startsWith(LAKE) && path.endsWith('.parquet');
}

function parsed<T>(schema: z.ZodType<T>, text: string | null): T | null {
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
