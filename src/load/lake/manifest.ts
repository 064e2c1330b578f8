import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../platform/durable.ts';
import { isAbsent, readPlain } from '../../platform/plain-file.ts';
import { FIXED_PATH, fixedPath, FORMER_PATH, isNamedAfter, SHOWN_PATH } from './paths.ts';
import { COMPRESSIONS, writer } from './writer.ts';

/** Months in the folder, and immutable files behind them. */
export const LAYOUT = 4;

const CONTENT = {
  rows: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
};

const FILE = z
  .object({
    table: z.string(),
    source: z.string(),
    /** The UTC day or month that it holds, as YYYY-MM-DD or YYYY-MM. */
    span: z.string(),
    /** Has these bytes until the span gets others. */
    path: z.string().regex(SHOWN_PATH),
    /** Has its name from its content and never changes. */
    fixed: z.string().regex(FIXED_PATH),
    ...CONTENT,
    /** The newest batch that it has a row of. */
    seq: z.number().int().nonnegative(),
    /** Says whether the warehouse has other rows for this span. It decides what is written, and is no evidence. */
    digest: z.string(),
  })
  .refine(({ path, fixed, sha256 }) => fixed === fixedPath(path, sha256));

/** Named by the manifest before this one, and kept for whoever still reads by that. */
const REPLACED = z
  .object({ fixed: z.string().regex(FIXED_PATH), ...CONTENT })
  .refine(({ fixed, sha256 }) => isNamedAfter(fixed, sha256));

/** A manifest has 400 bytes per file: this is more than half a million files. */
export const LARGEST_MANIFEST = 256 * 1024 * 1024;

const DAY = z.string().regex(/^\d{4}-\d\d-\d\d$/);

const MANIFEST = z.object({
  /** Of the layout. */
  version: z.literal(LAYOUT),
  /** The lake holds everything up to this batch. */
  seq: z.number().int().nonnegative(),
  transform_version: z.string(),
  schema_version: z.string(),
  compression: z.enum(COMPRESSIONS),
  /** Months before this day have one file. */
  open_from: DAY,
  /** Days before this one are not kept; null where all are. */
  keep_from: DAY.nullable(),
  /** What made files and digests, as `writer` says: another one may make others of the same rows. */
  engine: z.string(),
  replaced: z.array(REPLACED),
  /** Each span once: whoever reads the files that are named here would find the rows of one that is named twice twice. */
  files: z
    .array(FILE)
    .refine((files) => new Set(files.map(({ path }) => path)).size === files.length),
  /**
   * Of all before it: what is compared with nothing else, such as what made the files, is not altered by a fault of a disk. It is no
   * evidence. The version before wrote none.
   */
  hash: z.string().optional(),
});

const NAMED = { bytes: CONTENT.bytes, sha256: CONTENT.sha256 };
const ALONE = z.object({ path: z.string().regex(FORMER_PATH), ...NAMED });
const TWICE = z.object({
  path: z.string().regex(FIXED_PATH),
  link: z.string().regex(SHOWN_PATH),
  ...NAMED,
});
const KEPT = z.object({ path: z.string().regex(FIXED_PATH), ...NAMED });

/** What can still be said of a lake of a layout before: the next run writes it anew. */
const FORMER = z.union([
  z.object({
    version: z.union([z.literal(1), z.literal(2)]),
    seq: z.number().int().nonnegative(),
    files: z.array(ALONE),
  }),
  z
    .object({
      version: z.literal(3),
      seq: z.number().int().nonnegative(),
      files: z.array(TWICE),
      replaced: z.array(KEPT),
    })
    .transform(({ files, replaced, ...rest }) => {
      const shown = files.map(({ link, bytes, sha256 }) => ({ path: link, bytes, sha256 }));
      return { ...rest, files: [...files, ...shown, ...replaced] };
    }),
]);

export type LakeFile = z.infer<typeof FILE>;
export type Manifest = Omit<z.infer<typeof MANIFEST>, 'hash'>;
export type FormerManifest = z.infer<typeof FORMER>;

export function lakeFolder(home: string): string {
  return join(home, 'lake');
}

/** Null where there is none, none that can be relied on, or one of a layout before. */
export async function readManifest(lake: string): Promise<Manifest | null> {
  const found = await lookForManifest(lake);
  return typeof found === 'string' || found.version !== LAYOUT ? null : found;
}

/** The manifest, or whether there is none or something that auditlake does not write. */
export async function lookForManifest(
  lake: string,
): Promise<Manifest | FormerManifest | 'absent' | 'broken'> {
  try {
    const text = (await readPlain(join(lake, 'manifest.json'), LARGEST_MANIFEST)).toString('utf8');
    const raw: unknown = JSON.parse(text);
    const noted = z.union([MANIFEST, FORMER]).parse(raw);
    if (text !== textOf(raw as z.infer<typeof MANIFEST>)) return 'broken';
    if (noted.version !== LAYOUT) return noted;
    const { hash: _, ...manifest } = noted;
    return manifest;
  } catch (error) {
    return isAbsent(error) ? 'absent' : 'broken';
  }
}

/** Nothing is written where nothing changes. */
export async function writeManifest(
  lake: string,
  manifest: Omit<Manifest, 'engine'>,
): Promise<void> {
  const { replaced, files, ...about } = manifest;
  const text = sealed(linesOf({ ...about, engine: writer(), replaced, files }));
  const path = join(lake, 'manifest.json');
  const former = await readPlain(path, LARGEST_MANIFEST).catch(() => null);
  if (former?.toString('utf8') !== text) await writeDurably(path, text);
}

/** Whether this program would make the same files and digests of the same rows. */
export function isOurMaking({ engine }: Pick<Manifest, 'engine'>): boolean {
  return engine === writer();
}

/** As a version of auditlake wrote it. */
function textOf({ hash, ...manifest }: z.infer<typeof MANIFEST>): string {
  const lines = linesOf(manifest);
  return hash === undefined ? `${lines}}\n` : sealed(lines);
}

function sealed(lines: string): string {
  return `${lines},"hash":"${createHash('sha256').update(lines).digest('hex')}"}\n`;
}

/** One file a line, so that two manifests can be compared; without its end. */
function linesOf({ files, ...about }: Manifest): string {
  const head = JSON.stringify(about).slice(0, -1);
  const lines = files.map((file) => JSON.stringify(file)).join(',\n');
  return `${head},"files":[\n${lines}\n]`;
}
