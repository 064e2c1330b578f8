import type { DuckDBConnection } from '@duckdb/node-api';
import { type Database, literal, openDatabase, type Resources } from '../database.ts';
import { DEFAULT_MEMORY_MB, withMemory } from '../memory.ts';
import { qualified, STORED_TABLES } from '../tables.ts';
import { differingDefinitions } from './definitions.ts';
import { type Difference, type OnlyIn, withoutPlace } from './difference.ts';
import { distrustingStatistics } from '../distrusting-statistics.ts';
import { differingRows, rowCounts } from './rows.ts';
import { misleadingColumns } from './statistics.ts';
import { openReadableBy } from '../warehouse/readable-file.ts';

/** Whether two generations define the same tables, views and macros. */
export async function definesTheSame(publishedFile: string, freshFile: string): Promise<boolean> {
  return await sideBySide(publishedFile, freshFile, {}, async (connection) => {
    const { found } = await differingDefinitions(connection);
    return found.length === 0;
  });
}

/**
 * Compares two generations, both opened read-only: the published one and one that was built afresh from the archive
 * and sealed. First what they define, then the rows of all tables, and whether the published one says the
 * truth about them; a table that is defined otherwise is reported as such, and its rows are not read.
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
  const { ends, memoryMb } = portions;
  return await sideBySide(publishedFile, freshFile, { memoryMb }, async (connection) => {
    const { found, tables } = await differingDefinitions(connection);
    const comparable = STORED_TABLES.filter((table) => tables.has(qualified(table)));
    const counts = await rowCounts(connection, comparable);
    const misleading: string[] = [];
    for (const table of comparable) {
      const count = counts.get(qualified(table)) ?? 0;
      const rows = await withMemory(connection, memoryMb, () =>
        distrustingStatistics(connection, () => differingRows(connection, table, ends, count)),
      );
      found.push(...rows);
      if (rows.length > 0 || count === 0) continue;
      const columns = await withMemory(connection, memoryMb, () =>
        misleadingColumns(connection, table),
      );
      misleading.push(...columns.map((column) => `${qualified(table)}.${column}`));
    }
    return misleading.length === 0 ? found : [...found, aboutRows(misleading)];
  });
}

/** Columns that hide rows from whoever filters. */
function aboutRows(columns: readonly string[]): Difference {
  const rows = columns.map((column): OnlyIn => ({
    only_in: 'warehouse',
    kind: 'statistics',
    name: column.replace(/^main\./, ''),
  }));
  return withoutPlace('statistics', rows);
}

/** Opens the published generation as `warehouse` and the other one as `archive`. */
async function sideBySide<T>(
  publishedFile: string,
  freshFile: string,
  resources: Omit<Resources, 'spill'>,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const open = async (published: string): Promise<Database> => {
    const spill = `${freshFile}.spill`;
    const database = await openDatabase(':memory:', { ...resources, spill });
    try {
      await database.connection.run(`attach ${literal(published)} as warehouse (read_only)`);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  };
  const { connection, close } = await openReadableBy(publishedFile, open, () => undefined);
  try {
    // Not while the other one is opened: trouble with this one would be taken for its own.
    await connection.run(`attach ${literal(freshFile)} as archive (read_only)`);
    return await work(connection);
  } finally {
    await close();
  }
}
