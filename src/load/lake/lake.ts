import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stopped } from '../../errors.ts';
import type { Database } from '../database.ts';
import { memoryToRead, withMemory } from '../memory.ts';
import { syncToDisk } from '../../platform/durable.ts';
import { type Day, daysOf } from './days.ts';
import { STAGING, filesOf, removeDays, straysAmong } from './folder.ts';
import {
  type Compression,
  LAYOUT,
  type LakeFile,
  type Manifest,
  lakeFolder,
  readManifest,
  writeManifest,
} from './manifest.ts';
import { filesInPlace, placeFiles, PLACING, placingIsOver } from './place.ts';
import { isLarge, type Portion, portionsOf } from './portions.ts';
import { type Staged, stagePortion } from './stage.ts';
import { isKept } from './calendar.ts';
import type { Published } from '../warehouse/published.ts';
import { openReadable, type Readable } from '../warehouse/readable-file.ts';

export type { Compression } from './manifest.ts';

export type LakeOptions = {
  home: string;
  published: Published;
  transformVersion?: string;
  compression: Compression;
  onProgress?: (text: string) => void;
  signal?: AbortSignal;
  /** Writes every day, even if unchanged. */
  all?: boolean;
  /** The first day that is kept, as YYYY-MM-DD; null for all. Rows without a time stay. */
  keepFrom?: string | null;
};

/** `files` and `rows` are what was written. */
export type LakeResult = { seq: number; files: number; rows: number; removed: number };

/** What a durable write leaves where it is cut short. */
export const TEMPORARY = ['manifest.json.tmp', `${PLACING}.tmp`];

const ORDERED = { preserve_insertion_order: 'true' };
// A day of a million usual events fits into the first, a portion of small days into the second.
const ALONE_MB = 256;
const SHARED_MB = 96;
/** With fewer, opening the second database takes longer than it saves. */
const DAYS_FOR_TWO = 8;

/**
 * Brings the Parquet files up to a published generation: writes every changed day to a staging folder, moves the files
 * into place one by one, removes days that have no rows any more, then writes the manifest. Stopping before the first move
 * leaves the lake unchanged; after a later crash the next run rewrites whatever may have been moved.
 */
export async function writeLake(options: LakeOptions): Promise<LakeResult> {
  const { home, published } = options;
  const lake = lakeFolder(home);
  const staging = join(lake, STAGING);
  const progress = options.onProgress ?? (() => undefined);
  await mkdir(lake, { recursive: true, mode: 0o700 });
  await clearLeftovers(lake);
  const about = aboutOf(options);
  const manifest = await readManifest(lake);
  const same = manifest !== null && sameMaking(manifest, about);
  const kept = await filesInPlace(lake, options.all || !same ? null : manifest);
  // A quiet night must not read the whole warehouse to find that nothing changed.
  const keepFrom = options.keepFrom ?? null;
  const isOver = manifest?.files.some(({ table, dt }) => !isKept(table, dt, keepFrom)) ?? false;
  if (same && !isOver && manifest.seq === about.seq && kept.size === manifest.files.length) {
    return { seq: about.seq, files: 0, rows: 0, removed: 0 };
  }
  const readable = await openReadable(published.path, ORDERED, progress);
  try {
    await mkdir(staging, { mode: 0o700 });
    const { days, staged } = await stageChanged(readable, staging, kept, options);
    if (options.signal?.aborted) throw stopped();
    const files = listed(days, kept, staged);
    const strays = straysAmong(await filesOf(lake), new Set(files.map(({ path }) => path)));
    await placeFiles(lake, staged, strays);
    await removeDays(lake, strays);
    await writeManifest(lake, { ...about, files });
    await placingIsOver(lake);
    const rows = staged.reduce((sum, { file }) => sum + file.rows, 0);
    return { seq: published.seq, files: staged.length, rows, removed: strays.length };
  } finally {
    await readable.close();
    await rm(staging, { recursive: true, force: true });
    await syncToDisk(lake);
  }
}

/** What a run that was killed had not moved yet. */
async function clearLeftovers(lake: string): Promise<void> {
  await rm(join(lake, STAGING), { recursive: true, force: true });
  for (const name of TEMPORARY) await rm(join(lake, name), { force: true });
}

async function stageChanged(
  readable: Readable,
  folder: string,
  kept: ReadonlyMap<string, LakeFile>,
  options: LakeOptions,
): Promise<{ days: Day[]; staged: Staged[] }> {
  const { compression, signal } = options;
  const staged: Staged[] = [];
  const memory = memoryToRead(options.published.widest);
  const stage = async (
    { connection }: Pick<Database, 'connection'>,
    portions: Portion[],
    { total, base }: { total: number; base: number },
  ): Promise<void> => {
    // Makes the bytes of a file depend on its rows alone.
    await connection.run('set threads = 1');
    for (let portion = portions.shift(); portion !== undefined; portion = portions.shift()) {
      const how = { folder, compression, signal };
      const taken = portion;
      staged.push(
        ...(await withMemory(connection, base + memory, () =>
          stagePortion(connection, taken, how),
        )),
      );
      options.onProgress?.(`lake: ${staged.length} of ${total} files`);
    }
  };
  const { connection: first } = readable;
  const all = await withMemory(first, ALONE_MB + memory, () => daysOf(first));
  const days = all.filter(({ table, dt }) => isKept(table.name, dt, options.keepFrom ?? null));
  const changed = days.filter(({ path, digest }) => kept.get(path)?.digest !== digest);
  const portions = portionsOf(changed);
  // A day that fills the memory is written alone, others two at a time: most of the time goes into compression.
  const total = changed.length;
  await stage(readable, portions.filter(isLarge), { total, base: ALONE_MB });
  const others = portions.filter((portion) => !isLarge(portion));
  const isMuch = others.length > 1 && total >= DAYS_FOR_TWO;
  await withSecond(isMuch ? () => readable.another(ORDERED) : null, async (second) => {
    const lanes = second === null ? [readable] : [readable, second];
    const ends = await Promise.allSettled(
      lanes.map((lane) => stage(lane, others, { total, base: SHARED_MB })),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  });
  return { days, staged };
}

/** Opens a second database for as long as the work takes, if one is wanted. */
async function withSecond(
  open: (() => Promise<Database>) | null,
  work: (second: Database | null) => Promise<void>,
): Promise<void> {
  const second = open === null ? null : await open();
  try {
    await work(second);
  } finally {
    second?.close();
  }
}

type About = Omit<Manifest, 'files' | 'engine'>;

function aboutOf({ published, transformVersion, compression }: LakeOptions): About {
  return {
    version: LAYOUT,
    seq: published.seq,
    transform_version: transformVersion ?? published.transform_version,
    schema_version: published.schema_version,
    compression,
  };
}

function sameMaking(one: About, other: About): boolean {
  return (
    one.version === other.version &&
    one.transform_version === other.transform_version &&
    one.schema_version === other.schema_version &&
    one.compression === other.compression
  );
}

/** One file per day with rows, in the order of the days. */
function listed(
  days: readonly Day[],
  kept: ReadonlyMap<string, LakeFile>,
  staged: readonly Staged[],
): LakeFile[] {
  const written = new Map(staged.map(({ file }) => [file.path, file]));
  return days.flatMap(({ path }) => written.get(path) ?? kept.get(path) ?? []);
}
