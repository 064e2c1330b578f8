import { stat } from 'node:fs/promises';
import { literal, openDatabase, threadsFor } from '../database.ts';
import { DEFAULT_MEMORY_MB, withMemory } from '../memory.ts';
import { qualified, STORED_TABLES } from '../tables.ts';
import { differingDefinitions } from './definitions.ts';
import type { Difference } from './difference.ts';
import { comparedColumns, differingRows } from './rows.ts';
import { readableFile } from '../warehouse/readable-file.ts';

/** Whether two generations define the same tables, views and macros. */
export async function definesTheSame(publishedFile: string, freshFile: string): Promise<boolean> {
  const readable = await readableFile(publishedFile, () => undefined);
  const { connection, close } = await openDatabase(':memory:', { spill: `${freshFile}.spill` });
  try {
    await connection.run(`attach ${literal(readable.path)} as warehouse (read_only)`);
    await connection.run(`attach ${literal(freshFile)} as archive (read_only)`);
    const { found } = await differingDefinitions(connection);
    return found.length === 0;
  } finally {
    close();
    await readable.remove();
  }
}

/**
 * Compares two generations, both opened read-only: the published one and one that was built afresh from the archive
 * and sealed. First what they define, then the rows of all tables; a table that is defined otherwise is
 * reported as such, and its rows are not read.
 *
 * @param portions rows are compared in portions of seq: the last seq of each, ascending, and what the largest needs
 */
export async function differences(
  publishedFile: string,
  freshFile: string,
  portions: { ends: readonly number[]; memoryMb: number } = {
    ends: [],
    memoryMb: DEFAULT_MEMORY_MB,
  },
): Promise<Difference[]> {
  const readable = await readableFile(publishedFile, () => undefined);
  const { connection, close } = await openDatabase(':memory:', {
    spill: `${freshFile}.spill`,
    memoryMb: portions.memoryMb,
    threads: threadsFor((await stat(readable.path)).size),
  });
  try {
    await connection.run(`attach ${literal(readable.path)} as warehouse (read_only)`);
    await connection.run(`attach ${literal(freshFile)} as archive (read_only)`);
    const { found, tables } = await differingDefinitions(connection);
    const columns = await comparedColumns(connection);
    for (const table of STORED_TABLES) {
      const compared = columns.get(qualified(table));
      if (compared === undefined || !tables.has(qualified(table))) continue;
      const rows = await withMemory(connection, portions.memoryMb, () =>
        differingRows(connection, table, compared, portions.ends),
      );
      found.push(...rows);
    }
    return found;
  } finally {
    close();
    await readable.remove();
  }
}
