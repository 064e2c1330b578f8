import type { DuckDBConnection } from '@duckdb/node-api';
import { firstRow } from '../database.ts';
import { type Difference, MAX_ROWS, shortened } from './difference.ts';

/** The name under which what is wrong with the definitions is reported, beside the tables. */
export const DEFINITIONS = 'definitions';

/**
 * All that a file defines, as DuckDB writes it out of what it would run. Types are among them because a column's
 * type is told by its name alone; functions, because a macro may take the name of one that our views call.
 */
function defined(database: 'warehouse' | 'archive'): string {
  return `
  select 'schema' as kind, schema_name as name, null as definition
  from duckdb_schemas() where database_name = '${database}' and not internal
  union all
  select 'table', schema_name || '.' || table_name, sql
  from duckdb_tables() where database_name = '${database}' and not internal
  union all
  select 'view', schema_name || '.' || view_name, sql
  from duckdb_views() where database_name = '${database}' and not internal
  union all
  select
    'macro', schema_name || '.' || function_name,
    concat_ws(' ', function_type, parameters::varchar, parameter_types::varchar, macro_definition)
  from duckdb_functions() where database_name = '${database}' and not internal
  union all
  select 'index', schema_name || '.' || index_name, sql
  from duckdb_indexes() where database_name = '${database}'
  union all
  select 'sequence', schema_name || '.' || sequence_name, sql
  from duckdb_sequences() where database_name = '${database}'
  union all
  select 'type', schema_name || '.' || type_name, logical_type || coalesce(labels::varchar, '')
  from duckdb_types() where database_name = '${database}' and not internal`;
}

const ALTERED = `
create or replace temp table altered as
select * exclude (side), sum(side) as surplus
from (
  select *, 1 as side from (${defined('warehouse')})
  union all
  select *, -1 as side from (${defined('archive')})
)
group by all
having sum(side) <> 0`;

const TOTALS = `
select
  coalesce(sum(greatest(surplus, 0)), 0)::double as in_warehouse,
  coalesce(sum(greatest(-surplus, 0)), 0)::double as in_archive
from altered`;

const FIRST = `
select if(surplus > 0, 'warehouse', 'archive') as only_in, kind, name
from altered order by kind, name, only_in limit ${MAX_ROWS}`;

/**
 * Compares tables, views and macros by their definitions: a view that was defined anew hides rows without one being
 * altered. `altered` keeps what was found.
 */
export async function differingDefinitions(connection: DuckDBConnection): Promise<Difference[]> {
  await connection.run(ALTERED);
  const totals = await firstRow(connection, TOTALS);
  const [in_warehouse, in_archive] = [Number(totals['in_warehouse']), Number(totals['in_archive'])];
  if (in_warehouse + in_archive === 0) return [];
  const rows = (await connection.runAndReadAll(FIRST)).getRowObjects().map(shortened);
  return [
    {
      table: DEFINITIONS,
      source: null,
      stream: null,
      day: null,
      only_in_warehouse: in_warehouse,
      only_in_archive: in_archive,
      rows,
    },
  ];
}

/** Whether a table is defined in both files, and alike. Only then can its rows be compared. */
export async function isDefinedAlike(
  connection: DuckDBConnection,
  table: string,
): Promise<boolean> {
  const { alike } = await firstRow(
    connection,
    `select not exists (from altered where kind = 'table' and name = 'main.' || $table) as alike`,
    { table },
  );
  return alike === true;
}
