import { openDatabase, literal, firstRow } from './database.ts';
import { readableFile } from './readable-file.ts';
import { BASE_TABLES } from './schema.ts';

/** Whole rows pass through memory as text, and a row may hold megabytes. */
const MEMORY_MB = 512;

export type Difference = { table: string; onlyInWarehouse: number; onlyInArchive: number };

/**
 * Compares two generations row by row, both opened read-only: the published one and one that was built
 * afresh from the archive and sealed. Rows are compared by their hash: whole rows would not fit in memory.
 */
export async function differences(publishedFile: string, freshFile: string): Promise<Difference[]> {
  const readable = await readableFile(publishedFile, () => undefined);
  const { connection, close } = await openDatabase(':memory:', {
    spill: `${freshFile}.spill`,
    memoryMb: MEMORY_MB,
    threads: 1,
  });
  try {
    await connection.run(`attach ${literal(readable.path)} as warehouse (read_only)`);
    await connection.run(`attach ${literal(freshFile)} as archive (read_only)`);
    const found: Difference[] = [];
    for (const table of BASE_TABLES) {
      const { large } = await firstRow(
        connection,
        `select coalesce(string_agg(format('sha256("{0}"::varchar) as "{0}"', column_name), ', '), '') as large
        from duckdb_columns()
        where database_name = 'archive' and table_name = $table and data_type = 'JSON'`,
        { table },
      );
      const rows = (database: string): string => rowHashes(database, table, String(large));
      const { onlyInWarehouse, onlyInArchive } = await firstRow(
        connection,
        `select
          (select count(*) from (${rows('warehouse')} except all ${rows('archive')})) as onlyInWarehouse,
          (select count(*) from (${rows('archive')} except all ${rows('warehouse')})) as onlyInArchive`,
      );
      if (onlyInWarehouse !== 0n || onlyInArchive !== 0n) {
        found.push({
          table,
          onlyInWarehouse: Number(onlyInWarehouse),
          onlyInArchive: Number(onlyInArchive),
        });
      }
    }
    return found;
  } finally {
    close();
    await readable.remove();
  }
}

/** Columns that may hold megabytes are hashed by themselves first: a whole row as text would be copied several times. */
function rowHashes(database: string, table: string, large: string): string {
  const columns = large === '' ? '*' : `* replace (${large})`;
  return `select unhex(sha256(to_json(t)::varchar)) from (select ${columns} from ${database}.${table}) t`;
}
