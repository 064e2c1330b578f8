import type { Report } from '../../platform/progress.ts';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { stopped } from '../../errors.ts';
import { memoryToRead, withMemory } from '../memory.ts';
import { syncToDisk } from '../../platform/durable.ts';
import { STAGING, filesOf, removeFiles, straysAmong } from './folder.ts';
import {
  isOurMaking,
  LAYOUT,
  type LakeFile,
  type Manifest,
  lakeFolder,
  readManifest,
  writeManifest,
} from './manifest.ts';
import { isPast, newsSince } from './news.ts';
import { partsOf } from './paths.ts';
import {
  areInPlace,
  filesInPlace,
  interrupted,
  placeFiles,
  PLACING,
  placingIsOver,
  replacedFiles,
} from './place.ts';
import { allSpans, someSpans, type Span } from './spans.ts';
import { ALONE_MB, ORDERED, stageAll } from './stage-all.ts';
import type { Staged } from './stage.ts';
import { type Calendar, isKept } from './calendar.ts';
import type { Compression } from './writer.ts';
import { isCurrent } from '../warehouse/current.ts';
import type { Published } from '../warehouse/published.ts';
import { openReadable } from '../warehouse/readable-file.ts';

export type { Compression } from './writer.ts';

export type LakeOptions = {
  home: string;
  published: Published;
  transformVersion?: string;
  compression: Compression;
  onProgress?: Report;
  signal?: AbortSignal;
  /** Writes every file, even if unchanged. */
  all?: boolean;
  /** The first day of the first month that has a file per day, as YYYY-MM-DD. */
  openFrom: string;
  /** The first day that is kept; null for all. Rows without a time stay. */
  keepFrom?: string | null;
};

/** `files` and `rows` are what was written. */
export type LakeResult = { seq: number; files: number; rows: number; removed: number };

/** What a durable write leaves where it is cut short. */
export const TEMPORARY = ['manifest.json.tmp', `${PLACING}.tmp`];

/** What there is before a run. */
type Before = {
  noted: Manifest | null;
  /** The same, if files are to be kept by it. */
  manifest: Manifest | null;
  /** Its files that are in place, by path. */
  kept: Map<string, LakeFile>;
};

/**
 * Brings the Parquet files up to a published generation: writes every changed span to a staging folder, moves the files
 * into place one by one, removes those that have no rows any more, then writes the manifest. Stopping before the first move
 * leaves the lake unchanged; after a later crash the next run rewrites whatever may have been moved.
 */
export async function writeLake(options: LakeOptions): Promise<LakeResult> {
  const { home, published } = options;
  const lake = lakeFolder(home);
  const staging = join(lake, STAGING);
  await mkdir(lake, { recursive: true, mode: 0o700 });
  await clearLeftovers(lake);
  const about = aboutOf(options);
  const left = await interrupted(lake);
  const before = await whatIsThere(lake, left, options);
  if (left !== 'all' && left.size === 0 && (await isUpToDate(lake, before, about))) {
    return { seq: about.seq, files: 0, rows: 0, removed: 0 };
  }
  const made = isCurrent(published) ? ({ asMade: 'whole' } as const) : {};
  const how = { settings: ORDERED, allowed: { folders: [staging] }, ...made };
  const readable = await openReadable(published.path, how, (what) =>
    options.onProgress?.({ what }),
  );
  try {
    await mkdir(staging, { mode: 0o700 });
    const memory = memoryToRead(published.widest);
    const looked = await withMemory(readable.connection, ALONE_MB + memory, () =>
      lookForNews(readable.connection, before, options),
    );
    const { paths, isPast: hasErased } = looked;
    const changed = looked.spans.filter(
      ({ path, digest }) => before.kept.get(path)?.digest !== digest,
    );
    const staged = await stageAll(readable, changed, {
      ...options,
      folder: staging,
      calendar: calendarOf(options),
      memory,
    });
    if (options.signal?.aborted) throw stopped();
    const files = listed(paths, before.kept, staged);
    // What was erased must not stay with what is kept for readers.
    const former = options.all || hasErased ? [] : (before.noted?.files ?? []);
    const replaced = await replacedFiles(lake, former, files, about.keep_from);
    const strays = straysAmong(await filesOf(lake), namesOf(files, replaced));
    await placeFiles(lake, staged, strays);
    await writeManifest(lake, { ...about, replaced, files });
    await removeFiles(lake, strays.fixed);
    await placingIsOver(lake);
    const rows = staged.reduce((sum, { file }) => sum + file.rows, 0);
    return { seq: published.seq, files: staged.length, rows, removed: strays.shown.length };
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

async function whatIsThere(
  lake: string,
  left: Set<string> | 'all',
  options: LakeOptions,
): Promise<Before> {
  const noted = await readManifest(lake);
  const isOfUse =
    noted !== null &&
    !options.all &&
    left !== 'all' &&
    isOurMaking(noted) &&
    sameMaking(noted, aboutOf(options));
  if (!isOfUse) return { noted, manifest: null, kept: new Map() };
  return { noted, manifest: noted, kept: await filesInPlace(lake, noted.files, left) };
}

/** A quiet night must not read the warehouse to find that nothing changed. */
async function isUpToDate(
  lake: string,
  { manifest, kept }: Before,
  about: About,
): Promise<boolean> {
  return (
    manifest !== null &&
    manifest.seq === about.seq &&
    manifest.open_from === about.open_from &&
    kept.size === manifest.files.length &&
    manifest.files.every(({ table, span }) => isKept(table, span, about.keep_from)) &&
    (await areInPlace(lake, manifest.replaced))
  );
}

/** Which files there should be, and of those that may be others than there are what is in them. */
async function lookForNews(
  connection: DuckDBConnection,
  { noted, manifest, kept }: Before,
  options: LakeOptions,
): Promise<{ paths: string[]; spans: Span[]; isPast: boolean }> {
  const calendar = calendarOf(options);
  const keeps = (table: string, span: string): boolean => isKept(table, span, calendar.keepFrom);
  const past = noted !== null && (await isPast(connection, noted.seq, options.published.seq));
  if (manifest === null || past) {
    const all = await allSpans(connection, calendar);
    const spans = all.filter(({ table, span }) => keeps(table.name, span));
    return { paths: spans.map(({ path }) => path), spans, isPast: past };
  }
  const paths: string[] = [];
  const spans: Span[] = [];
  for (const news of await newsSince(connection, manifest, calendar, kept)) {
    const { table } = news;
    paths.push(...news.paths.filter((path) => keeps(table.name, partsOf(path).span)));
    const which = news.touched.filter(({ span }) => keeps(table.name, span));
    spans.push(...(await someSpans(connection, table, calendar, which)));
  }
  return { paths, spans, isPast: false };
}

function calendarOf({ openFrom, keepFrom = null }: LakeOptions): Calendar {
  return { openFrom, keepFrom };
}

type About = Omit<Manifest, 'files' | 'replaced' | 'engine'>;

function aboutOf(options: LakeOptions): About {
  const { published, transformVersion, compression, openFrom, keepFrom = null } = options;
  return {
    version: LAYOUT,
    seq: published.seq,
    transform_version: transformVersion ?? published.transform_version,
    schema_version: published.schema_version,
    compression,
    open_from: openFrom,
    keep_from: keepFrom,
  };
}

function sameMaking(one: About, other: About): boolean {
  return (
    one.transform_version === other.transform_version &&
    one.schema_version === other.schema_version &&
    one.compression === other.compression
  );
}

/** One file per span with rows, in the order of the spans. */
function listed(
  paths: readonly string[],
  kept: ReadonlyMap<string, LakeFile>,
  staged: readonly Staged[],
): LakeFile[] {
  const written = new Map(staged.map(({ file }) => [file.path, file]));
  return paths.flatMap((path) => written.get(path) ?? kept.get(path) ?? []);
}

function namesOf(files: readonly LakeFile[], replaced: Manifest['replaced']): Set<string> {
  return new Set([
    ...files.flatMap(({ fixed, path }) => [fixed, path]),
    ...replaced.map(({ fixed }) => fixed),
  ]);
}
