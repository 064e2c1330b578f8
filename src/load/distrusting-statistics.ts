import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from './database.ts';

/** Optimizers that rely on a file's statistics: forged ones would make different values look equal. */
const RELYING = 'statistics_propagation,compressed_materialization,join_filter_pushdown';

/** Runs queries that must not rely on what a file says about its own rows. */
export async function distrustingStatistics<T>(
  connection: DuckDBConnection,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run(`set disabled_optimizers = ${literal(RELYING)}`);
  try {
    return await work();
  } finally {
    await connection.run('reset disabled_optimizers');
  }
}
