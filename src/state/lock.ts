import { randomUUID } from 'node:crypto';
import { lstat, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '../platform/duckdb.ts';
import { AuditlakeError, EXIT, messageOf, usageError } from '../errors.ts';
import { makeFolder } from '../platform/durable.ts';
import type { Layout } from './layout.ts';

export type RunLock = { release(): Promise<void> };

const ATTEMPTS = 3;

/** The homes that a run of this process works in, by real path: the kernel's lock does not keep a process from itself. */
const held = new Set<string>();

/** What locks are attached to. One for the process, since opening it takes longer than all that a run without news does. */
let keeper: DuckDBConnection | null = null;

/** So many locks were asked for: each is attached under a name of its own. */
let asked = 0;

/**
 * One run at a time per home. The lock is a small DuckDB file attached read-write: the kernel frees it
 * when its holder dies, however it dies. A file with a process id would not do: in containers ids repeat.
 *
 * @throws AuditlakeError `locked` (exit 75) if another run holds it, in this process or another
 */
export async function takeLock(layout: Layout): Promise<RunLock> {
  const home = await usableHome(layout);
  // Not even opened: closing the file again would free the lock that this process has on it.
  if (held.has(home)) throw locked(layout);
  held.add(home);
  try {
    await mustBePlain(layout);
    const detach = await attachLock(layout);
    return {
      async release() {
        await detach().finally(() => held.delete(home));
      },
    };
  } catch (error) {
    held.delete(home);
    throw error;
  }
}

/** DuckDB, which opens them both, would wait at a pipe for ever. Only looked at: closing a file that is locked would free it. */
async function mustBePlain(layout: Layout): Promise<void> {
  for (const path of [layout.lock, `${layout.lock}.wal`]) {
    const found = await lstat(path).catch(() => null);
    if (found === null || found.isFile()) continue;
    const what = `${path} is a link, a folder, a pipe or the like, not a plain file`;
    throw unusable(layout, what, null, 'remove it: the next run makes it anew');
  }
}

/** Makes the folder if need be. @returns its real path */
async function usableHome({ home }: Layout): Promise<string> {
  try {
    await makeFolder(home);
    return await realpath(home);
  } catch (error) {
    throw usageError(
      `the home ${home} cannot be used: ${messageOf(error)}`,
      'name a folder that this user may write, with --home or AUDITLAKE_HOME',
    );
  }
}

/** @returns what frees the lock */
async function attachLock(layout: Layout): Promise<() => Promise<void>> {
  keeper ??= await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const connection = keeper;
  asked += 1;
  const name = `run_lock_${asked}`;
  const path = layout.lock.replaceAll("'", "''");
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection.run(`ATTACH '${path}' AS ${name}`);
      return async () => {
        await connection.run(`DETACH ${name}`);
      };
    } catch (error) {
      const text = messageOf(error);
      const damaged = /not a valid DuckDB|Cannot read|Corrupt|checksum|Could not read/i.test(text);
      if (/Could not set lock|Conflicting lock/i.test(text)) throw locked(layout, error);
      if (!damaged || attempt === ATTEMPTS) throw unusable(layout, text, error);
      await mend(layout, connection, name);
    }
  }
}

/**
 * Puts an empty database into the damaged file, in place: replacing the file could take away one
 * that another process has just mended and locked.
 */
async function mend(layout: Layout, connection: DuckDBConnection, name: string): Promise<void> {
  const fresh = `${layout.lock}.${randomUUID()}`;
  const quoted = fresh.replaceAll("'", "''");
  await connection.run(`ATTACH '${quoted}' AS ${name}`);
  await connection.run(`DETACH ${name}`);
  await writeFile(layout.lock, await readFile(fresh), { flag: 'r+' });
  await rm(fresh);
}

function locked(layout: Layout, cause?: unknown): AuditlakeError {
  return new AuditlakeError(
    'locked',
    `another run is at work in ${layout.home}`,
    'wait for it to end; `auditlake status` and `auditlake query` work meanwhile',
    EXIT.locked,
    cause,
  );
}

function unusable(
  layout: Layout,
  text: string,
  cause: unknown,
  hint = 'check that the folder is writable and has room',
): AuditlakeError {
  return new AuditlakeError(
    'lock-unusable',
    `the run lock ${layout.lock} cannot be taken: ${text}`,
    hint,
    EXIT.failed,
    cause,
  );
}
