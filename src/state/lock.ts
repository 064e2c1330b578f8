import { randomUUID } from 'node:crypto';
import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { AuditlakeError, EXIT, messageOf, usageError } from '../errors.ts';
import { makeFolder } from '../platform/durable.ts';
import type { Layout } from './layout.ts';

export type RunLock = { release(): void };

const ATTEMPTS = 3;

/** The homes that a run of this process works in, by real path: the kernel's lock does not keep a process from itself. */
const held = new Set<string>();

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
    const detach = await attachLock(layout);
    return {
      release() {
        detach();
        held.delete(home);
      },
    };
  } catch (error) {
    held.delete(home);
    throw error;
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
async function attachLock(layout: Layout): Promise<() => void> {
  const memory = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await memory.connect();
  const close = (): void => {
    connection.closeSync();
    memory.closeSync();
  };
  const path = layout.lock.replaceAll("'", "''");
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await connection.run(`ATTACH '${path}' AS run_lock`);
        return close;
      } catch (error) {
        const text = messageOf(error);
        const damaged = /not a valid DuckDB|Cannot read|Corrupt|checksum|Could not read/i.test(
          text,
        );
        if (/Could not set lock|Conflicting lock/i.test(text)) throw locked(layout, error);
        if (!damaged || attempt === ATTEMPTS) throw unusable(layout, text, error);
        await mend(layout, connection.run.bind(connection));
      }
    }
  } catch (error) {
    close();
    throw error;
  }
}

/**
 * Puts an empty database into the damaged file, in place: replacing the file could take away one
 * that another process has just mended and locked.
 */
async function mend(layout: Layout, run: (sql: string) => Promise<unknown>): Promise<void> {
  const fresh = `${layout.lock}.${randomUUID()}`;
  const quoted = fresh.replaceAll("'", "''");
  await run(`ATTACH '${quoted}' AS fresh`);
  await run('DETACH fresh');
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

function unusable(layout: Layout, text: string, cause: unknown): AuditlakeError {
  return new AuditlakeError(
    'lock-unusable',
    `the run lock ${layout.lock} cannot be taken: ${text}`,
    'check that the folder is writable and has room',
    EXIT.failed,
    cause,
  );
}
