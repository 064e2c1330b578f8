import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { confine, openPrivate } from '../database.ts';
import { definedFile } from '../warehouse/defined-file.ts';

/** Runs SQL on a warehouse that has every table and no row, to see whether it fits. @param spill a folder for what DuckDB spills */
export async function withEmptyWarehouse<T>(
  spill: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'auditlake-empty-'));
  try {
    const file = join(folder, 'empty.duckdb');
    await writeFile(file, await definedFile());
    const { connection, close } = await openPrivate(file, { threads: 1, spill });
    try {
      await confine(connection, {});
      await connection.run('set lock_configuration = true');
      return await work(connection);
    } finally {
      close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
