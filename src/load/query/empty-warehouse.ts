import type { DuckDBConnection } from '@duckdb/node-api';
import { confine } from '../database.ts';
import { withDefined } from '../warehouse/defined-file.ts';

/** Runs SQL of the user's on a warehouse that has every table and no row, to see whether it fits. */
export async function withEmptyWarehouse<T>(
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  return await withDefined(async (connection) => {
    await confine(connection, {});
    await connection.run('set lock_configuration = true');
    return await work(connection);
  });
}
