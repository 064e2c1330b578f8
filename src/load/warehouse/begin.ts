import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transform } from '../../model.ts';
import { openPrivate, threadsFor } from '../database.ts';
import { copyHashed } from '../../platform/durable.ts';
import { isAbsent } from '../../platform/plain-file.ts';
import { type Generation, generationOn } from './generation.ts';
import { BUILDING, type Published, warehouseFolder } from './published.ts';
import { openEmpty } from './empty.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { leaveWorkplace, workplaceFor } from './workplace.ts';

export { isInPlace, type Published, publishedGeneration, removeFormer } from './published.ts';
export type { Generation } from './generation.ts';

export type LoadOptions = {
  home: string;
  /** The folder to build in, for a file that is not to be published; by default that of the generations. */
  buildIn?: string;
  transform: Transform;
  memoryMb?: number;
  threads?: number;
  onMessage(text: string): void;
};

type Base = { seq: number; emptyBecause: string | null };

/**
 * Starts the next generation: a private copy of the published one, or an empty one if that is missing, altered, made by
 * another transform, or not wanted.
 *
 * @param ask.published the generation to start from; null if nothing is published
 */
export async function beginGeneration(
  options: LoadOptions,
  ask: { fresh: boolean; published: Published | null },
): Promise<Generation> {
  const { home, transform } = options;
  const folder = options.buildIn ?? warehouseFolder(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(
    await workplaceFor(folder),
    `${BUILDING}${randomBytes(6).toString('hex')}.duckdb`,
  );
  const base = await copyBase(path, transform, ask);
  const bytes = base.emptyBecause === null ? (ask.published?.bytes ?? 0) : 0;
  const resources = { threads: threadsFor(bytes), ...options, spill: `${path}.spill` };
  try {
    const database =
      base.emptyBecause === null
        ? await openPrivate(path, resources)
        : await openEmpty(path, resources, transform);
    return generationOn(database, {
      home,
      folder,
      path,
      transform,
      baseSeq: base.seq,
      startedEmptyBecause: base.emptyBecause,
      former: ask.published,
    });
  } catch (error) {
    await rm(path, { force: true });
    await leaveWorkplace(folder, path);
    throw error;
  }
}

/** Checks the hash of the file before it is opened: a broken one can crash the process inside DuckDB. */
async function copyBase(
  path: string,
  transform: Transform,
  { fresh, published }: { fresh: boolean; published: Published | null },
): Promise<Base> {
  if (fresh) return empty('the warehouse is built anew: by a rebuild, or without what was pruned');
  if (published === null) return empty('there is no warehouse yet: it is built from the archive');
  const name = `warehouse/${published.file}`;
  if (published.transform_version !== transform.version) {
    return empty('the mapping has changed: the warehouse is built anew from the archive');
  }
  if (published.schema_version !== SCHEMA_VERSION) {
    return empty('the tables have changed: the warehouse is built anew from the archive');
  }
  try {
    if ((await copyHashed(published.path, path)) === published.sha256) {
      return { seq: published.seq, emptyBecause: null };
    }
  } catch (error) {
    await rm(path, { force: true });
    const why = cannotBeCopied(error);
    if (why === null) throw error;
    return empty(`${name} ${why}: the warehouse is built anew from the archive`);
  }
  await rm(path, { force: true });
  return empty(
    `${name} is not as it was published (cut, damaged or written into): the warehouse is built anew from the archive`,
  );
}

function empty(emptyBecause: string): Base {
  return { seq: 0, emptyBecause };
}

/** Why the file itself is of no use; null where the disk is. */
function cannotBeCopied(error: unknown): string | null {
  if (isAbsent(error)) return 'is missing';
  const isNoFile = error instanceof Error && 'code' in error && error.code === 'ENOTFILE';
  return isNoFile ? 'is no plain file' : null;
}
