/** What a generation starts from. */
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../errors.ts';
import type { Transform } from '../../model.ts';
import { isHeldHere } from '../../platform/held-files.ts';
import { isAbsent, sizeOfPlain } from '../../platform/plain-file.ts';
import {
  type Database,
  firstRow,
  GENERATION,
  isDamage,
  openPrivate,
  type Resources,
} from '../database.ts';
import { isMadeHere, otherDefinition } from './as-made.ts';
import { copyOfGeneration } from './copy.ts';
import { openEmpty } from './empty.ts';
import { isAsLeft, isTrusted, isUntouched } from './mark.ts';
import { isNotarized, type Notary } from '../../platform/notary.ts';
import type { Former, Published } from './published.ts';
import { SCHEMA_VERSION } from './schema.ts';

export type Wanted = {
  /** Made from nothing, whatever is published. */
  fresh: boolean;
  /** What is published; null if nothing is. */
  published: Published | null;
  /** What was loaded since the former generation is little enough to be loaded into that one too. */
  mayUseFormer?: boolean;
  /** Who must have signed the note; null or left out where nothing is signed. */
  notary?: Notary | null;
};

const NOT_SIGNED =
  'no trusted key signed the note about the warehouse, which was made without the key, or somebody wrote into it: the warehouse is built anew from the archive';

type Base = {
  database: Database;
  /** The generation has everything up to this seq. */
  seq: number;
  /** Why it starts empty, as a sentence for the user; null if it does not. */
  emptyBecause: string | null;
};

/**
 * Opens the database that the next generation is made in: the one before the published, which is brought forward, so that a night
 * costs what is new; else a copy of the published one; or an empty one if that is missing, altered, made by another
 * transform, or not wanted.
 *
 * @param path where it lies from now on
 */
export async function openBase(
  path: string,
  resources: Resources,
  transform: Transform,
  { fresh, published, mayUseFormer = false, notary = null }: Wanted,
): Promise<Base> {
  const start = async (emptyBecause: string): Promise<Base> => ({
    database: await openEmpty(path, resources, transform),
    seq: 0,
    emptyBecause,
  });
  if (fresh)
    return await start('the warehouse is built anew: by a rebuild, or without what was pruned');
  if (published === null) {
    return await start('there is no warehouse yet: it is built from the archive');
  }
  if (!isNotarized('warehouse', published, notary)) return await start(NOT_SIGNED);
  const other = otherMaking(published, transform);
  if (other !== null) return await start(`${other}: the warehouse is built anew from the archive`);
  const { former, seq } = published;
  if (mayUseFormer && former !== null && otherMaking(former, transform) === null) {
    const database = await takeFormer(former, path, resources, notary !== null);
    if (database !== null) return { database, seq: former.seq, emptyBecause: null };
  }
  let fault = await copyFault(published, path, notary !== null);
  try {
    if (fault === null) {
      const opened = await openAsMade(path, resources, published);
      if (typeof opened !== 'string') return { database: opened, seq, emptyBecause: null };
      fault = opened;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    fault = `is damaged (${messageOf(error)})`;
  }
  await rm(path, { force: true });
  return await start(
    `warehouse/${published.file} ${fault}: the warehouse is built anew from the archive`,
  );
}

/**
 * Loading calls views and macros that lie in the file, and adds what came after the seq of the note.
 *
 * @param note whose SHA-256, if it has one, the file was found to have
 * @returns what is wrong with the file if somebody wrote into it, or into the note
 */
async function openAsMade(
  path: string,
  resources: Resources,
  { seq, sha256 }: Pick<Former, 'seq' | 'sha256'>,
): Promise<Database | string> {
  const database = await openPrivate(path, resources);
  try {
    const other = isMadeHere(sha256)
      ? null
      : await otherDefinition(database.connection, GENERATION);
    const meta =
      other === null ? await firstRow(database.connection, 'select seq from internal.meta') : {};
    if (Number(meta['seq']) === seq) return database;
    database.close();
    if (other === null) return `has another seq than warehouse/current.json says`;
    return `does not define ${other} as auditlake does (somebody wrote into it)`;
  } catch (error) {
    database.close();
    throw error;
  }
}

function otherMaking(
  { transform_version, schema_version }: Former,
  transform: Transform,
): string | null {
  if (transform_version !== transform.version) return 'the mapping has changed';
  return schema_version === SCHEMA_VERSION ? null : 'the tables have changed';
}

/**
 * Takes the generation before the published one away from where its readers found it: no reader that comes now looks there.
 *
 * @returns null if somebody still has it open, or wrote into it, or if it is gone
 */
async function takeFormer(
  former: Former,
  path: string,
  resources: Resources,
  isSigned: boolean,
): Promise<Database | null> {
  // A rename between two file systems would copy.
  if (dirname(path) !== dirname(former.path)) return null;
  // What cannot be looked at is not used: the published one is enough.
  if (!(await isUntouched(former.path, former).catch(() => false))) return null;
  if (isSigned && !(await isTrusted(former.path, former).catch(() => false))) return null;
  if (await isHeldHere(former.path)) return null;
  await rename(former.path, path);
  try {
    const opened = await openAsMade(path, resources, former);
    if (typeof opened !== 'string') return opened;
    await rename(path, former.path);
    return null;
  } catch (error) {
    // To its reader, who has it open under whatever name, nothing has happened.
    await rename(path, former.path);
    if (isDamage(error) || /lock/i.test(messageOf(error))) return null;
    throw error;
  }
}

/**
 * Copies a generation, and looks at the copy: the file may have changed since it was left.
 *
 * @param isSigned its mark is: nothing may be copied that anybody can have changed
 * @returns what is wrong with it
 */
async function copyFault(
  { path: from, ...published }: Published,
  path: string,
  isSigned: boolean,
): Promise<string | null> {
  try {
    await sizeOfPlain(from);
    await copyOfGeneration(from, path);
    // The time of a change only goes on: what it is afterwards it was before.
    const isWhole = await isAsLeft(path, published);
    if (isWhole && (!isSigned || (await isTrusted(from, published)))) return null;
  } catch (error) {
    if (isAbsent(error)) return 'is missing';
    if (error instanceof Error && 'code' in error && error.code === 'ENOTFILE') {
      return 'is no plain file';
    }
    throw error;
  }
  return 'is not as it was published (cut, damaged or written into)';
}
