import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/load/database.ts';
import { openEmpty } from '../../src/load/warehouse/empty.ts';
import type { Transform } from '../../src/model.ts';

/** A warehouse with all tables and no rows but the vocabulary, for rows that a test puts in itself. */
export async function emptyWarehouse(
  transform: Transform,
): Promise<Pick<Database, 'connection'> & { close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-empty-'));
  const resources = { spill: folder, threads: 1 };
  const { connection, close } = await openEmpty(join(folder, 'rows.duckdb'), resources, transform);
  return {
    connection,
    async close() {
      close();
      await rm(folder, { recursive: true });
    },
  };
}
