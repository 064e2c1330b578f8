import type { DuckDBConnection } from '@duckdb/node-api';
import { confine, openDatabase } from '../database.ts';
import { createDefinitions } from '../warehouse/schema.ts';

/** Runs SQL on a warehouse that has every table and no row, to see whether it fits. @param spill a folder for what DuckDB spills */
export async function withEmptyWarehouse<T>(
  spill: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { connection, close } = await openDatabase(':memory:', { threads: 1, spill });
  try {
    await createDefinitions(connection);
    await confine(connection, {});
    await connection.run('set lock_configuration = true');
    return await work(connection);
  } finally {
    close();
  }
}
