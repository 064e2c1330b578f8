import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { sha256OfFile } from '../../platform/durable.ts';
import { filesOf } from './folder.ts';
import { literal } from '../database.ts';
import { type Published, publishedGeneration } from '../warehouse/published.ts';
import { readableFile } from '../warehouse/readable-file.ts';
import { daysOf, DIGEST } from './days.ts';
import { type LakeFile, lakeFolder, readManifest } from './manifest.ts';
import { isKept } from './calendar.ts';

export type LakeFault = { file: string; what: string };

/** Compares the lake with its manifest. `file` is relative to the home. A missing lake is no fault. */
export async function verifyLake(home: string): Promise<{ files: number; faults: LakeFault[] }> {
  const lake = lakeFolder(home);
  const present = await filesOf(lake);
  const manifest = await readManifest(lake);
  if (manifest === null) {
    const what = 'is missing or cannot be read: the next sync writes the lake again';
    return {
      files: 0,
      faults: present.length === 0 ? [] : [{ file: 'lake/manifest.json', what }],
    };
  }
  const faults: LakeFault[] = [];
  for (const file of manifest.files) {
    const what = await faultOf(lake, file);
    if (what !== null) faults.push({ file: `lake/${file.path}`, what });
  }
  const named = new Set(['manifest.json', ...manifest.files.map(({ path }) => path)]);
  for (const path of present) {
    if (!named.has(path))
      faults.push({
        file: `lake/${path}`,
        what: 'is not in the manifest: not written by auditlake, so that it is left alone; keep it elsewhere',
      });
  }
  return { files: manifest.files.length, faults };
}

async function faultOf(lake: string, file: LakeFile): Promise<string | null> {
  const path = join(lake, file.path);
  try {
    const { size } = await stat(path);
    if (size !== file.bytes) return `has ${size} bytes, not ${file.bytes}`;
    return (await sha256OfFile(path)) === file.sha256 ? null : 'is altered: its SHA-256 differs';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'is missing';
    return `cannot be read: ${messageOf(error)}`;
  }
}

/** `behind` is the seq that the lake is at, where that is not the warehouse's. */
export type LakeRows = { faults: LakeFault[]; behind: number | null };

/**
 * Compares the rows of the lake with those of the warehouse, day by day: manifest and files could both have been altered to fit
 * each other. The warehouse must have been found equal to the archive.
 *
 * @param keepFrom the first day that the lake keeps, as YYYY-MM-DD; null for all
 */
export async function verifyLakeRows(
  home: string,
  published: Published,
  keepFrom: string | null,
): Promise<LakeRows> {
  const lake = lakeFolder(home);
  const manifest = await readManifest(lake);
  if (manifest === null || manifest.seq !== published.seq) {
    return { faults: [], behind: manifest?.seq ?? null };
  }
  const faults: LakeFault[] = [];
  const fault = (path: string, what: string): void => {
    faults.push({ file: `lake/${path}`, what });
  };
  const named = new Map(manifest.files.map((file) => [file.path, file]));
  const readable = await readableFile(published.path, () => undefined);
  const { connection, close } = await readable.open();
  try {
    for (const { path, table, dt, digest } of await daysOf(connection)) {
      const file = named.get(path);
      named.delete(path);
      if (file === undefined) {
        if (isKept(table.name, dt, keepFrom))
          fault(path, 'is missing: the warehouse has rows of that day');
        continue;
      }
      const reader = await connection.runAndReadAll(
        `select ${DIGEST}
         from read_parquet(${literal(join(lake, path))}, hive_partitioning = false) as row_of`,
      );
      if (reader.getRows()[0]?.[0] !== digest) fault(path, 'has other rows than the warehouse');
    }
    for (const path of named.keys()) fault(path, 'is of a day that the warehouse has no rows of');
    // A concurrent run replaces days while they are read.
    const now = await publishedGeneration(home);
    return now?.file === published.file
      ? { faults, behind: null }
      : { faults: [], behind: published.seq };
  } finally {
    close();
    await readable.remove();
  }
}
