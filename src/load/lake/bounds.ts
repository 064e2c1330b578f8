/** Looks into files that we did not write: a few kilobytes of Parquet can expand to terabytes. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { isOutOfMemory } from '../memory.ts';

const LONGEST_LOOK_MS = 120_000;
const MOST_SPILLED = '1GiB';

/** @returns null where it takes more memory, disk or time than any file of ours */
export async function withinBounds<T>(
  connection: DuckDBConnection,
  look: () => Promise<T>,
): Promise<T | null> {
  await connection.run(`set max_temp_directory_size = '${MOST_SPILLED}'`);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    connection.interrupt();
  }, LONGEST_LOOK_MS);
  try {
    return await look();
  } catch (error) {
    if (isLate || isOutOfMemory(error)) return null;
    throw error;
  } finally {
    clearTimeout(timer);
    await connection.run('reset max_temp_directory_size');
  }
}
