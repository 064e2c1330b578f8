import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AuditlakeError, EXIT } from '../../errors.ts';
import { writeDurably } from '../../platform/durable.ts';

export type Compression = 'zstd' | 'snappy' | 'gzip';

/** `audit_events/source=acme/dt=2026-03-01/data.parquet`, and no path that leads out of the lake. */
export const FILE_PATH =
  /^[a-z][a-z_]*\/source=[a-z0-9][a-z0-9._-]*\/dt=\d{4}-\d\d-\d\d\/data\.parquet$/;

const FILE = z.object({
  table: z.string(),
  source: z.string(),
  dt: z.string(),
  path: z.string().regex(FILE_PATH),
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  /** The newest batch that it has rows from. */
  seq: z.number().int().nonnegative(),
  /** Digest of its rows: differs when the warehouse has other rows for this day. */
  digest: z.string(),
});

const MANIFEST = z.object({
  version: z.literal(1),
  /** The lake holds everything up to this batch. */
  seq: z.number().int().nonnegative(),
  transform_version: z.string(),
  schema_version: z.string(),
  compression: z.enum(['zstd', 'snappy', 'gzip']),
  files: z.array(FILE),
});

export type LakeFile = z.infer<typeof FILE>;
export type Manifest = z.infer<typeof MANIFEST>;

export function lakeFolder(home: string): string {
  return join(home, 'lake');
}

/** Null if there is none, or if it cannot be trusted. */
export async function readManifest(lake: string): Promise<Manifest | null> {
  try {
    return MANIFEST.parse(JSON.parse(await readFile(join(lake, 'manifest.json'), 'utf8')));
  } catch {
    return null;
  }
}

/** One file per line, so that manifests can be compared with diff. An unchanged manifest is not written. */
export async function writeManifest(lake: string, manifest: Manifest): Promise<void> {
  const { files, ...about } = manifest;
  const head = JSON.stringify(about).slice(0, -1);
  const lines = files.map((file) => JSON.stringify(file)).join(',\n');
  const text = `${head},"files":[\n${lines}\n]}\n`;
  const path = join(lake, 'manifest.json');
  const former = await readFile(path, 'utf8').catch(() => null);
  if (former !== text) await writeDurably(path, text);
}

/** The path of a day in the lake. Source names come from data and become part of a path, so they are checked. */
export function filePath(table: string, source: string | null, dt: string): string {
  const path = `${table}/source=${source ?? ''}/dt=${dt}/data.parquet`;
  if (FILE_PATH.test(path)) return path;
  throw new AuditlakeError(
    'lake',
    `${table}: the source ${JSON.stringify(source)} on ${dt} cannot be the name of a folder`,
    'names of sources are of a-z, 0-9, dot, underscore and hyphen',
    EXIT.failed,
  );
}
