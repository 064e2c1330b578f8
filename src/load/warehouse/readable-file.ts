import { randomBytes } from 'node:crypto';
import { access, mkdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AuditlakeError, integrityError, messageOf } from '../../errors.ts';
import { type Allowed, confine, type Database, firstRow, openDatabase } from '../database.ts';
import { holdFile } from '../../platform/held-files.ts';
import { sizeOfPlain } from '../../platform/plain-file.ts';
import { isMadeHere, otherDefinition } from './as-made.ts';
import { copyOfGeneration } from './copy.ts';
import { isAsLeft, sha256Of } from './mark.ts';
import { publishedGeneration } from './published.ts';
import { scratchFolder } from '../scratch.ts';

/** A generation that is open for reading. */
export type Readable = {
  connection: DuckDBConnection;
  /** Opens the same file once more; the caller closes it. */
  another: (how: How) => Promise<Database>;
  /** Removes the private copy too, if one stands for the file. */
  close: () => Promise<void>;
};

/** `settings` are DuckDB's, beyond those of every database. */
type How = {
  settings?: Record<string, string>;
  allowed?: Allowed;
  /** Not opened if it defines anything else than auditlake makes, or has another table of the version: our own SQL would run it. */
  asMade?:
    | 'whole'
    | `internal.${'meta' | 'stated_identities' | 'address_countries' | 'country_file'}`;
};

/**
 * Opens a generation for reading. If another process is writing to it, this is a private copy without what that process
 * wrote.
 */
export async function openReadable(
  input: string,
  how: How,
  onMessage: (text: string) => void,
): Promise<Readable> {
  return await openReadableBy(input, (path, tmp) => openReadOnly(path, tmp, how), onMessage);
}

/** The same, opened in another way. @param open its second argument is a folder for what DuckDB spills */
export async function openReadableBy(
  input: string,
  open: (path: string, tmp: string) => Promise<Database>,
  onMessage: (text: string) => void,
): Promise<Readable> {
  const file = await realpath(input);
  await mustBePlain(file);
  const home = dirname(dirname(file));
  const tmp = scratchFolder(home);
  // Only large answers spill: a read-only home can still be queried.
  await mkdir(tmp, { recursive: true, mode: 0o700 }).catch(() => undefined);
  const readable = async (path: string, remove: () => Promise<void>): Promise<Readable> => {
    const { connection, close } = await held(path, () => open(path, tmp));
    return {
      connection,
      another: (how) => held(path, () => openReadOnly(path, tmp, how)),
      async close() {
        close();
        await remove();
      },
    };
  };
  if (!(await hasWriteAheadLog(file))) {
    try {
      return await readable(file, async () => undefined);
    } catch (error) {
      if (error instanceof AuditlakeError) throw error;
      if (!/lock/i.test(messageOf(error))) throw unreadable(file, error);
    }
  }
  onMessage(`another program has ${basename(file)} open for writing: a private copy is queried`);
  const copy = join(tmp, `query-${randomBytes(6).toString('hex')}.duckdb`);
  const remove = (): Promise<void> => rm(copy, { force: true });
  try {
    await copyOfGeneration(file, copy);
    const published = await publishedGeneration(home);
    if (published?.file === basename(file) && !(await isAsLeft(copy, published))) {
      throw integrityError(`${basename(file)} is not as it was published`, REBUILD);
    }
    return await readable(copy, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A database that is closed together with all that this process has open of its file. */
async function held(path: string, open: () => Promise<Database>): Promise<Database> {
  const end = await holdFile(path);
  try {
    const { connection, close } = await open();
    return { connection, close: () => end(close) };
  } catch (error) {
    end(() => undefined);
    throw error;
  }
}

async function openReadOnly(
  path: string,
  tmp: string,
  { settings = {}, allowed = {}, asMade }: How,
): Promise<Database> {
  const spill = join(tmp, `spill-${randomBytes(6).toString('hex')}`);
  const database = await openDatabase(path, { spill }, { access_mode: 'READ_ONLY', ...settings });
  try {
    await confine(database.connection, allowed);
    if (asMade !== undefined) await mustBeAsMade(path, database.connection, asMade);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function mustBeAsMade(
  path: string,
  connection: DuckDBConnection,
  asMade: NonNullable<How['asMade']>,
): Promise<void> {
  if (isMadeHere(await sha256Of(path))) return;
  const { name } = await firstRow(connection, 'select system.main.current_database() as name');
  const only = asMade === 'whole' ? null : asMade;
  const other = await otherDefinition(connection, String(name), only);
  if (other === null) return;
  throw integrityError(
    `${basename(path)} does not define ${other} as auditlake does: somebody wrote into it`,
    REBUILD,
  );
}

/** Reads a generation for as long as the work takes. @param file as for `openReadable` */
export async function withReadable<T>(
  file: string,
  work: (readable: Readable) => Promise<T>,
  { onMessage = () => undefined, ...how }: How & { onMessage?: (text: string) => void } = {},
): Promise<T> {
  const readable = await openReadable(file, how, onMessage);
  try {
    return await work(readable);
  } finally {
    await readable.close();
  }
}

/** A write-ahead log that someone else left: DuckDB would replay it as if it were ours. */
async function hasWriteAheadLog(file: string): Promise<boolean> {
  return access(`${file}.wal`).then(
    () => true,
    () => false,
  );
}

/** DuckDB would wait at a pipe for ever. */
async function mustBePlain(file: string): Promise<void> {
  try {
    await sizeOfPlain(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

const REBUILD = 'run `auditlake rebuild`: the archive has everything';

function unreadable(file: string, error: unknown): Error {
  return integrityError(`${basename(file)} cannot be opened: ${messageOf(error)}`, REBUILD, error);
}
