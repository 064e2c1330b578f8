import { createHash } from 'node:crypto';
import { readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { writeDurably, syncToDisk } from '../../platform/durable.ts';
import { isAbsent, readPlain } from '../../platform/plain-file.ts';
import { noteMade } from './as-made.ts';
import { MARK, type Mark, markOf } from './mark.ts';
import { type Notary, type NoteJudge, type Signature, SIGNATURE } from '../../platform/notary.ts';
import { isAsPublished } from './as-published.ts';

const FILE_NAME = /^\d{12}(-\d+)?\.duckdb$/;

const LARGEST_NOTE = 64 * 1024;

/** More than any machine could read. */
const MOST_WIDE = 2 ** 40;

const GENERATION = MARK.extend({
  file: z.string().regex(FILE_NAME),
  seq: z.number().int().nonnegative(),
  transform_version: z.string(),
  /** The version of the warehouse's own tables and views. */
  schema_version: z.string(),
  /** The version of the user's file of people; empty without one. */
  people_version: z.string().default(''),
  /** The version of the country file; empty without one. */
  countries_version: z.string().default(''),
  /** Bytes of a vector of records at most: reading the tables takes memory accordingly. */
  widest: z.number().nonnegative().max(MOST_WIDE).default(0),
});

const NOTE = z.strictObject({
  ...GENERATION.shape,
  /** The one that was published before: it is kept for its readers, and the next one is made from it. */
  former: GENERATION.nullable().default(null),
  /** SHA-256 of all before it: a note that was damaged is none. Null in notes of earlier versions. */
  hash: z.string().nullable().default(null),
  /** By whom, where the ledger is signed. */
  signature: SIGNATURE.nullable().default(null),
});

type Note = Omit<z.infer<typeof NOTE>, 'hash' | 'signature'>;
type Where = { path: string };

/** A generation that was published. `file` is its name in the folder of generations, `path` its absolute path. */
export type Former = z.infer<typeof GENERATION> & Where;

/** The generation that readers see. */
export type Published = Omit<z.infer<typeof NOTE>, 'former'> & Where & { former: Former | null };

export const BUILDING = '.building-';
const BUILDING_NAME = /^\.building-/;
const GENERATION_NAME = /^(\d{12})(?:-(\d+))?\.duckdb(\.wal)?$/;

/** The folder of the generations. */
export function warehouseFolder(home: string): string {
  return join(home, 'warehouse');
}

/** The published generation; null if there is none, or if its note cannot be read. */
export async function publishedGeneration(home: string): Promise<Published | null> {
  const found = await lookForPublished(home);
  return typeof found === 'string' ? null : found;
}

/** What is published, or whether there is no note about it or something that auditlake does not write. */
export async function lookForPublished(home: string): Promise<Published | 'absent' | 'broken'> {
  const folder = warehouseFolder(home);
  try {
    const text = (await readPlain(join(folder, 'current.json'), LARGEST_NOTE)).toString('utf8');
    const raw: unknown = JSON.parse(text);
    const { hash, signature, ...note } = NOTE.parse(raw);
    const isOurs = text === (hash === null ? lineOf(raw) : textOf(bare(raw), () => signature).text);
    return isOurs ? { ...placed(folder, note), hash, signature } : 'broken';
  } catch (error) {
    return isAbsent(error) ? 'absent' : 'broken';
  }
}

function placed(folder: string, { former, ...note }: Note): Omit<Published, 'hash' | 'signature'> {
  const at = (file: string): Where => ({ path: join(folder, file) });
  return {
    ...note,
    ...at(note.file),
    former: former === null ? null : { ...former, ...at(former.file) },
  };
}

function textOf(
  note: object,
  sign: (hash: string) => Signature | null,
): { text: string; hash: string; signature: Signature | null } {
  const hash = createHash('sha256').update(JSON.stringify(note)).digest('hex');
  const signature = sign(hash);
  const text = lineOf({ ...note, hash, ...(signature === null ? {} : { signature }) });
  return { text, hash, signature };
}

/** What the hash is of. */
function bare(raw: unknown): object {
  const { hash: _, signature: __, ...note } = raw as z.infer<typeof NOTE>;
  return note;
}

function lineOf(note: unknown): string {
  return `${JSON.stringify(note)}\n`;
}

/** How many generations there are. */
export async function countGenerations(home: string): Promise<number> {
  const names = await readdir(warehouseFolder(home)).catch(() => []);
  return names.filter((name) => FILE_NAME.test(name)).length;
}

/** The name of the generation that a link leads to; null if it leads elsewhere. */
export function generationNamed(link: string): string | null {
  const name = link.startsWith('warehouse/') ? link.slice('warehouse/'.length) : '';
  return FILE_NAME.test(name) ? name : null;
}

/** Makes a closed, complete file the current generation, and removes those that no reader can still need. */
export async function publishFile(
  home: string,
  built: string,
  {
    former,
    isFresh,
    notary,
  }: { former: Published | null; isFresh: boolean; notary: Notary | null },
  about: Omit<Note, 'file' | 'former' | keyof Mark>,
): Promise<Published> {
  const folder = warehouseFolder(home);
  await syncToDisk(built);
  const file = await unusedName(folder, about.seq);
  await rename(built, join(folder, file));
  await syncToDisk(folder);
  const mark = await markOf(join(folder, file));
  noteMade(mark.sha256);
  const note: Note = {
    file,
    ...about,
    ...mark,
    // A warehouse is made from nothing where the former ones may be wrong: the next must not be built on one of them.
    former: former === null || isFresh ? null : GENERATION.parse(former),
  };
  // The link first: after a crash in between, the old note tells the next run to publish again.
  await pointTo(home, file);
  const { text, ...signed } = textOf(note, (hash) => notary?.sign('warehouse', hash) ?? null);
  await writeDurably(join(folder, 'current.json'), text);
  await removeOthers(folder, [file, former?.file ?? file]);
  return { ...placed(folder, note), ...signed };
}

/** Removes the generation before the published one too, which was kept for its readers: what was erased must not stay in it. */
export async function removeFormer(home: string): Promise<void> {
  const published = await publishedGeneration(home);
  if (published !== null) await removeOthers(warehouseFolder(home), [published.file]);
}

/**
 * Whether the file that the note names is in place, as it was published. Repairs a link that is missing or points
 * elsewhere.
 */
export async function isInPlace(
  home: string,
  published: Published,
  notary: NoteJudge | null,
): Promise<boolean> {
  try {
    if (!(await isAsPublished(published, notary))) return false;
  } catch {
    return false;
  }
  const target = await readlink(join(home, 'warehouse.duckdb')).catch(() => null);
  if (target !== `warehouse/${published.file}`) await pointTo(home, published.file);
  return true;
}

/** A name is never used twice: a reader's write-ahead log of the former file may still exist, and would be replayed. */
async function unusedName(folder: string, seq: number): Promise<string> {
  const number = String(seq).padStart(12, '0');
  const taken = new Set((await readdir(folder)).map((name) => name.replace(/\.wal$/, '')));
  let file = `${number}.duckdb`;
  for (let turn = 2; taken.has(file); turn++) file = `${number}-${turn}.duckdb`;
  return file;
}

async function pointTo(home: string, file: string): Promise<void> {
  const next = join(home, '.warehouse.duckdb.next');
  await rm(next, { force: true });
  await symlink(join(basename(warehouseFolder(home)), file), next);
  await rename(next, join(home, 'warehouse.duckdb'));
  await syncToDisk(home);
}

async function removeOthers(folder: string, kept: string[]): Promise<void> {
  const names = await readdir(folder);
  for (const name of names) {
    const generation = GENERATION_NAME.test(name) && !kept.includes(name.replace(/\.wal$/, ''));
    if (generation || BUILDING_NAME.test(name)) {
      await rm(join(folder, name), { force: true, recursive: true });
    }
  }
}
