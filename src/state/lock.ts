import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { AuditlakeError, EXIT, messageOf, usageError } from '../errors.ts';
import { makeFolder } from '../platform/durable.ts';
import type { Layout } from './layout.ts';

export type RunLock = { release(): void };

const ATTEMPTS = 3;

/**
 * One run at a time per home. The lock is a small DuckDB file attached read-write: the kernel frees it
 * when its holder dies, however it dies. A file with a process id would not do: in containers ids repeat.
 *
 * @throws AuditlakeError `locked` (exit 75) if another process holds it
 */
export async function takeLock(layout: Layout): Promise<RunLock> {
  await makeFolder(layout.home).catch((error: unknown) => {
    throw usageError(
      `the home ${layout.home} cannot be used: ${messageOf(error)}`,
      'name a folder that this user may write, with --home or AUDITLAKE_HOME',
    );
  });
  const memory = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await memory.connect();
  const path = layout.lock.replaceAll("'", "''");
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection.run(`ATTACH '${path}' AS run_lock`);
      return {
        release() {
          connection.closeSync();
          memory.closeSync();
        },
      };
    } catch (error) {
      const text = messageOf(error);
      const damaged = /not a valid DuckDB|Cannot read|Corrupt|checksum|Could not read/i.test(text);
      if (/Could not set lock|Conflicting lock/i.test(text)) throw locked(layout, error);
      if (!damaged || attempt === ATTEMPTS) throw unusable(layout, text, error);
      await mend(layout, connection.run.bind(connection));
    }
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

function locked(layout: Layout, cause: unknown): AuditlakeError {
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
