import type { DuckDBConnection } from '@duckdb/node-api';
import { qualified } from '../tables.ts';
import { type Difference, MAX_ROWS, shortened } from './difference.ts';

/** The name under which what is wrong with the definitions is reported, as for a table. */
const DEFINITIONS = 'definitions';

/** `name` is qualified by the schema, as in `qualified`. */
type Definition = { kind: string; name: string; sql: string };

/**
 * Compares tables, views and macros by their definitions and comments: a view that was defined anew hides rows without one
 * being altered.
 *
 * @returns what differs, and the qualified names of the tables whose rows can be compared, being defined alike
 */
export async function differingDefinitions(
  connection: DuckDBConnection,
): Promise<{ found: Difference[]; tables: Set<string> }> {
  const warehouse = await definitions(connection, 'warehouse');
  const archive = await definitions(connection, 'archive');
  const added = without(warehouse, archive);
  const missing = without(archive, warehouse);
  const altered = new Set(missing.filter(isTable).map(({ name }) => name));
  const names = archive.filter(isTable).map(({ name }) => name);
  const tables = new Set(names.filter((name) => !altered.has(name)));
  if (added.length + missing.length === 0) return { found: [], tables };
  const rows = [
    ...added.map((one) => shown('warehouse', one)),
    ...missing.map((one) => shown('archive', one)),
  ].toSorted((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));
  const difference = {
    table: DEFINITIONS,
    source: null,
    stream: null,
    day: null,
    only_in_warehouse: added.length,
    only_in_archive: missing.length,
    rows: rows.slice(0, MAX_ROWS).map(shortened),
  };
  return { found: [difference], tables };
}

/**
 * All that a file defines, as DuckDB writes it out of what it would run. Types are there because a column tells its
 * type by the name alone; functions, because a macro may take the name of one that our views call.
 */
async function definitions(
  connection: DuckDBConnection,
  database: 'warehouse' | 'archive',
): Promise<Definition[]> {
  const reader = await connection.runAndReadAll(
    `select 'schema', schema_name, null, null
     from duckdb_schemas() where database_name = $database and not internal
     union all
     select 'table', schema_name, table_name, sql
     from duckdb_tables() where database_name = $database and not internal
     union all
     select 'view', schema_name, view_name, sql
     from duckdb_views() where database_name = $database and not internal
     union all
     select
       'macro', schema_name, function_name,
       concat_ws(' ', function_type, parameters::varchar, parameter_types::varchar, macro_definition)
     from duckdb_functions() where database_name = $database and not internal
     union all
     select 'index', schema_name, index_name, sql
     from duckdb_indexes() where database_name = $database
     union all
     select 'sequence', schema_name, sequence_name, sql
     from duckdb_sequences() where database_name = $database
     union all
     select 'type', schema_name, type_name, concat_ws(' ', logical_type, labels::varchar)
     from duckdb_types() where database_name = $database and not internal
     union all
     select 'comment', schema_name, table_name, comment
     from duckdb_tables() where database_name = $database and comment is not null
     union all
     select 'comment', schema_name, view_name, comment
     from duckdb_views() where database_name = $database and comment is not null
     union all
     select 'comment', schema_name, concat(table_name, '.', column_name), comment
     from duckdb_columns() where database_name = $database and comment is not null
     union all
     select 'comment', schema_name, function_name, comment
     from duckdb_functions() where database_name = $database and comment is not null`,
    { database },
  );
  return reader.getRows().map(([kind, schema, name, sql]) => ({
    kind: String(kind),
    name: qualified({ schema: String(schema), name: String(name) }),
    sql: inOrder(String(sql)),
  }));
}

function shown(
  only_in: string,
  { kind, name }: Definition,
): { only_in: string; kind: string; name: string } {
  return { only_in, kind, name: name.replace(/^main\./, '') };
}

/** DuckDB keeps the columns of an EXCLUDE as a set: each time a file is written they come in another order. */
function inOrder(sql: string): string {
  return sql.replace(
    /EXCLUDE \(([^()]*)\)/g,
    (_, columns: string) => `EXCLUDE (${columns.split(', ').toSorted().join(', ')})`,
  );
}

function without(these: readonly Definition[], those: readonly Definition[]): Definition[] {
  const whole = ({ kind, name, sql }: Definition): string => JSON.stringify([kind, name, sql]);
  const known = new Set(those.map(whole));
  return these.filter((definition) => !known.has(whole(definition)));
}

function isTable({ kind }: Definition): boolean {
  return kind === 'table';
}
