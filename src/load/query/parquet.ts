import { literal } from '../database.ts';
import { writeWhole } from '../../platform/whole-file.ts';
import type { Readable } from '../warehouse/readable-file.ts';
import { bound, type Parameters } from './bound.ts';
import { THREADS } from '../memory.ts';
import { asSqlError } from './one-select.ts';

/** More than loading gets: an answer often joins or sorts all rows. */
export const ANSWER_MEMORY = { memory_limit: '1GB' };

/**
 * For SQL of the user's, who waits for the answer. SQL of our own has one thread: with two, a window function of DuckDB 1.5.6 now and
 * then ends in an internal error, since one of them has begun nothing yet.
 */
export const QUERY_SETTINGS = { ...ANSWER_MEMORY, threads: String(THREADS) };

/**
 * Writes the answer to one accepted statement into a Parquet file.
 *
 * @param target absolute
 */
export async function writeParquet(
  readable: Readable,
  sql: string,
  parameters: Parameters,
  target: string,
): Promise<{ rows: number }> {
  return await writeWhole(target, async (part) => {
    const { connection, close } = await readable.another({
      settings: { ...QUERY_SETTINGS, preserve_insertion_order: 'true' },
      allowed: { files: [part] },
    });
    try {
      await connection.run('set lock_configuration = true');
      // COPY takes no parameters: with some, the answer is made first.
      const hasParameters = Object.keys(parameters).length > 0;
      // On lines of its own, so that a trailing comment ends there.
      const plain = sql.replace(/[\s;]+$/, '');
      if (hasParameters) {
        const made = `create temp table answer as (\n${plain}\n)`;
        await (await bound(connection, made, parameters)).run();
      }
      const from = hasParameters ? 'from answer' : plain;
      const copied = await connection.runAndReadAll(
        `copy (\n${from}\n) to ${literal(part)} (format parquet, compression zstd, use_tmp_file false)`,
      );
      return { rows: Number(copied.getRows()[0]?.[0] ?? 0) };
    } catch (error) {
      throw asSqlError(error);
    } finally {
      close();
    }
  });
}
