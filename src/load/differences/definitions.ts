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
  const { warehouse, archive } = await definitions(connection);
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
 * All that both files define, as DuckDB writes it out of what it would run. Types are there because a column tells its
 * type by the name alone; functions, because a macro may take the name of one that our views call.
 */
async function definitions(
  connection: DuckDBConnection,
): Promise<Record<'warehouse' | 'archive', Definition[]>> {
  const reader = await connection.runAndReadAll(DEFINED);
  const rows = reader.getRows().map(([database, kind, schema, name, sql]) => ({
    database,
    kind: String(kind),
    name: qualified({ schema: String(schema), name: String(name) }),
    sql: inOrder(String(sql)),
  }));
  const of = (file: string): Definition[] =>
    rows
      .filter(({ database }) => database === file)
      .map(({ kind, name, sql }) => ({ kind, name, sql }));
  return { warehouse: of('warehouse'), archive: of('archive') };
}

/** DuckDB lists every function that it has, a tenth of a second each time: so once for both files and both uses. */
const DEFINED = `
  with
    tables as materialized (from duckdb_tables() where not internal),
    views as materialized (from duckdb_views() where not internal),
    functions as materialized (from duckdb_functions() where not internal),
    defined as (
      select database_name, 'schema' as kind, schema_name, null as name, null as sql
      from duckdb_schemas() where not internal
      union all
      select database_name, 'table', schema_name, table_name, sql from tables
      union all
      select database_name, 'view', schema_name, view_name, sql from views
      union all
      select
        database_name, 'macro', schema_name, function_name,
        concat_ws(' ', function_type, parameters::varchar, parameter_types::varchar, macro_definition)
      from functions
      union all
      select database_name, 'index', schema_name, index_name, sql from duckdb_indexes()
      union all
      select database_name, 'sequence', schema_name, sequence_name, sql from duckdb_sequences()
      union all
      select
        database_name, 'type', schema_name, type_name, concat_ws(' ', logical_type, labels::varchar)
      from duckdb_types() where not internal
      union all
      select database_name, 'comment', schema_name, table_name, comment
      from tables where comment is not null
      union all
      select database_name, 'comment', schema_name, view_name, comment
      from views where comment is not null
      union all
      select database_name, 'comment', schema_name, concat(table_name, '.', column_name), comment
      from duckdb_columns() where comment is not null
      union all
      select database_name, 'comment', schema_name, function_name, comment
      from functions where comment is not null
    )
  select database_name, kind, schema_name, name, sql
  from defined where database_name in ('warehouse', 'archive')`;

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
