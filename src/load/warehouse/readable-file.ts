import { randomBytes } from 'node:crypto';
import { access, mkdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { integrityError, messageOf } from '../../errors.ts';
import { type Database, openDatabase } from '../database.ts';
import { copyHashed } from '../../platform/durable.ts';
import { sizeOfPlain } from '../../platform/plain-file.ts';
import { publishedGeneration } from './published.ts';
import { scratchFolder } from '../scratch.ts';

export type ReadableFile = {
  path: string;
  /** Opens the file again; the caller closes it. */
  open(more?: Record<string, string>): Promise<Database>;
  remove(): Promise<void>;
};

const READ_ONLY = { access_mode: 'READ_ONLY' };

/**
 * A generation that can be opened for reading. If another process is writing to it, this is a private copy without
 * what that process wrote.
 */
export async function readableFile(
  input: string,
  onMessage: (text: string) => void,
): Promise<ReadableFile> {
  const file = await realpath(input);
  await mustBePlain(file);
  const home = dirname(dirname(file));
  const tmp = scratchFolder(home);
  // Only large answers spill: a read-only home can still be queried.
  await mkdir(tmp, { recursive: true, mode: 0o700 }).catch(() => undefined);
  const opener =
    (path: string): ReadableFile['open'] =>
    (more) =>
      openDatabase(
        path,
        { spill: join(tmp, `spill-${randomBytes(6).toString('hex')}`) },
        { ...READ_ONLY, ...more },
      );
  if (!(await hasWriteAheadLog(file))) {
    try {
      (await opener(file)()).close();
      return { path: file, open: opener(file), remove: async () => undefined };
    } catch (error) {
      if (!/lock/i.test(messageOf(error))) {
        throw integrityError(
          `${basename(file)} cannot be opened: ${messageOf(error)}`,
          'run `auditlake rebuild`: the archive has everything',
          error,
        );
      }
    }
  }
  onMessage(`another program has ${basename(file)} open for writing: a private copy is queried`);
  const copy = join(tmp, `query-${randomBytes(6).toString('hex')}.duckdb`);
  const remove = (): Promise<void> => rm(copy, { force: true });
  try {
    const sha256 = await copyHashed(file, copy);
    const published = await publishedGeneration(home);
    if (published?.file === basename(file) && published.sha256 !== sha256) {
      throw integrityError(
        `${basename(file)} is not as it was published`,
        'run `auditlake rebuild`: the archive has everything',
      );
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { path: copy, open: opener(copy), remove };
}

/** Reads a generation for as long as the work takes. @param file as for `readableFile` */
export async function withReadable<T>(
  file: string,
  work: (database: Database) => Promise<T>,
  onMessage: (text: string) => void = () => undefined,
): Promise<T> {
  const readable = await readableFile(file, onMessage);
  try {
    const database = await readable.open();
    try {
      return await work(database);
    } finally {
      database.close();
    }
  } finally {
    await readable.remove();
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
    throw integrityError(
      `${basename(file)} cannot be opened: ${messageOf(error)}`,
      'run `auditlake rebuild`: the archive has everything',
      error,
    );
  }
}
