/** What it takes to make the bucket's lake equal to the home's. Pure. */
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

export type LakePlan = {
  write: HomeFile[];
  /** Those of `write` that may have been uploaded already. */
  doubtful: Set<string>;
  remove: string[];
};

const FILES = z.object({
  files: z.array(z.object({ path: z.string(), sha256: z.string() })),
});
const PENDING = z.object({ pending: z.array(z.string()) });

/** A text that cannot be parsed counts as missing: then no file counts as uploaded, and none is removed. */
export function readRemote(manifest: string | null, journal: string | null): RemoteLake {
  const { files } = parsed(FILES, manifest) ?? { files: [] };
  const { pending } = parsed(PENDING, journal) ?? { pending: [] };
  return {
    files: new Map(
      files
        .map(({ path, sha256 }) => [LAKE + path, sha256] as const)
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
  return {
    write,
    doubtful: new Set(
      write
        .map(({ path }) => path)
        .filter((path) => remote.pending.has(path) || remote.files.size === 0),
    ),
    remove: [...new Set([...remote.files.keys(), ...remote.pending])].filter(
      (path) => !named.has(path),
    ),
  };
}

export function journalOf(plan: LakePlan): string {
  const pending = [...plan.write.map(({ path }) => path), ...plan.remove];
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
