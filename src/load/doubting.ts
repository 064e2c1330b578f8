import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from './database.ts';

/** With them, DuckDB believes the statistics itself: forged ones would make different values look alike. */
const BELIEVING = 'statistics_propagation,compressed_materialization,join_filter_pushdown';

/** Does something without believing what files say about their rows. */
export async function doubting<T>(
  connection: DuckDBConnection,
  work: () => Promise<T>,
): Promise<T> {
  await connection.run(`set disabled_optimizers = ${literal(BELIEVING)}`);
  try {
    return await work();
  } finally {
    await connection.run('reset disabled_optimizers');
  }
}
