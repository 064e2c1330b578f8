import { join } from 'node:path';
import { version } from '../../platform/duckdb.ts';
import { z } from 'zod';
import { AuditlakeError, EXIT } from '../../errors.ts';
import { writeDurably } from '../../platform/durable.ts';
import { isAbsent, readPlain } from '../../platform/plain-file.ts';

export type Compression = 'zstd' | 'snappy' | 'gzip';

/**
 * `audit_events/src=acme/dt=2026-03-01/data.parquet`, and nothing that leads elsewhere. The files have a column `source`, and
 * readers refuse a column that is in the path as well. Up to version 0.1 that was its name in both.
 */
export const FILE_PATH =
  /^[a-z][a-z_]*\/(?:src|source)=[a-z0-9][a-z0-9._-]*\/dt=\d{4}-\d\d-\d\d\/data\.parquet$/;

/** The layout with `src=` in its paths. */
export const LAYOUT = 2;

/** Whether a path is of the layout before. Such days are removed once there are new ones. */
export function isOfFormerLayout(path: string): boolean {
  return path.includes('/source=');
}

const FILE = z.object({
  table: z.string(),
  source: z.string(),
  dt: z.string(),
  path: z.string().regex(FILE_PATH),
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  /** The newest batch that it has a row of. */
  seq: z.number().int().nonnegative(),
  /** Says whether the warehouse has other rows for this day. It decides what is written, and is no evidence. */
  digest: z.string(),
});

/** A manifest has 300 bytes per file: this is a million files. */
export const LARGEST_MANIFEST = 256 * 1024 * 1024;

const MANIFEST = z.object({
  /** Of the layout. The one before can be read, so that its lake can be verified and mirrored. */
  version: z.union([z.literal(1), z.literal(LAYOUT)]),
  /** The lake holds everything up to this batch. */
  seq: z.number().int().nonnegative(),
  transform_version: z.string(),
  schema_version: z.string(),
  compression: z.enum(['zstd', 'snappy', 'gzip']),
  /** The version of DuckDB that made the digests: another one may hash otherwise. */
  engine: z.string().optional(),
  files: z.array(FILE),
});

export type LakeFile = z.infer<typeof FILE>;
export type Manifest = z.infer<typeof MANIFEST>;

export function lakeFolder(home: string): string {
  return join(home, 'lake');
}

/** Null where there is none, or none that can be relied on. */
export async function readManifest(lake: string): Promise<Manifest | null> {
  const found = await lookForManifest(lake);
  return typeof found === 'string' ? null : found;
}

/** The manifest, or whether there is none or something that auditlake does not write. */
export async function lookForManifest(lake: string): Promise<Manifest | 'absent' | 'broken'> {
  try {
    const text = (await readPlain(join(lake, 'manifest.json'), LARGEST_MANIFEST)).toString('utf8');
    const raw: unknown = JSON.parse(text);
    const manifest = MANIFEST.parse(raw);
    const isOfItsLayout = manifest.files.every(
      ({ path }) => isOfFormerLayout(path) === manifest.version < LAYOUT,
    );
    return isOfItsLayout && text === textOf(raw as Manifest) ? manifest : 'broken';
  } catch (error) {
    return isAbsent(error) ? 'absent' : 'broken';
  }
}

/** Nothing is written where nothing changes. */
export async function writeManifest(
  lake: string,
  manifest: Omit<Manifest, 'engine'>,
): Promise<void> {
  const { files, ...about } = manifest;
  const text = textOf({ ...about, engine: version(), files });
  const path = join(lake, 'manifest.json');
  const former = await readPlain(path, LARGEST_MANIFEST).catch(() => null);
  if (former?.toString('utf8') !== text) await writeDurably(path, text);
}

/** Whether this program's DuckDB would make the same digests of the same rows. */
export function hasOurDigests({ engine }: Manifest): boolean {
  return engine === version();
}

/** One file a line, so that two manifests can be compared. */
function textOf({ files, ...about }: Manifest): string {
  const head = JSON.stringify(about).slice(0, -1);
  const lines = files.map((file) => JSON.stringify(file)).join(',\n');
  return `${head},"files":[\n${lines}\n]}\n`;
}

/** Where a day lies in the lake. Names come from the data and become a path here, so they are looked at. */
export function filePath(table: string, source: string | null, dt: string): string {
  const path = `${table}/src=${source ?? ''}/dt=${dt}/data.parquet`;
  if (FILE_PATH.test(path)) return path;
  throw new AuditlakeError(
    'lake',
    `${table}: the source ${JSON.stringify(source)} on ${dt} cannot be the name of a folder`,
    'names of sources are of a-z, 0-9, dot, underscore and hyphen',
    EXIT.failed,
  );
}
