/** What a file defines, as DuckDB writes it out of what it would run. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { qualified } from '../tables.ts';

/** `name` is qualified by the schema, as in `qualified`. */
export type Definition = { kind: string; name: string; sql: string };

/**
 * All that the open files define, by the name of each database. Types are there because a column tells its type by the name alone;
 * functions, because a macro may take the name of one that our views call. Nothing of the files is run for it.
 */
export async function definitions(
  connection: DuckDBConnection,
): Promise<Map<string, Definition[]>> {
  const reader = await connection.runAndReadAll(DEFINED);
  const found = new Map<string, Definition[]>();
  for (const [database, kind, schema, name, sql] of reader.getRows()) {
    const here = found.get(String(database)) ?? [];
    found.set(String(database), here);
    here.push({
      kind: String(kind),
      name: qualified({ schema: String(schema), name: String(name) }),
      sql: inOrder(String(sql)),
    });
  }
  return found;
}

/** What one list has and the other has not. */
export function without(these: readonly Definition[], those: readonly Definition[]): Definition[] {
  const whole = ({ kind, name, sql }: Definition): string => JSON.stringify([kind, name, sql]);
  const known = new Set(those.map(whole));
  return these.filter((definition) => !known.has(whole(definition)));
}

/** DuckDB keeps the columns of an EXCLUDE as a set: each time a file is written they come in another order. */
function inOrder(sql: string): string {
  return sql.replace(
    /EXCLUDE \(([^()]*)\)/g,
    (_, columns: string) => `EXCLUDE (${columns.split(', ').toSorted().join(', ')})`,
  );
}

/**
 * DuckDB lists every function that it has, a twentieth of a second each time: so once for all files. Each name is DuckDB's own: a macro
 * of the file could stand for a shorter one.
 */
const DEFINED = `
  with
    tables as materialized (from system.main.duckdb_tables() where not internal),
    views as materialized (from system.main.duckdb_views() where not internal),
    functions as materialized (from system.main.duckdb_functions() where not internal)
  select database_name, 'schema' as kind, schema_name, null as name, null as sql
  from system.main.duckdb_schemas() where not internal
  union all
  select database_name, 'table', schema_name, table_name, sql from tables
  union all
  select database_name, 'view', schema_name, view_name, sql from views
  union all
  select
    database_name, 'macro', schema_name, function_name,
    system.main.concat_ws(
      ' ', function_type, system.main.array_to_string(parameters, ', '),
      system.main.array_to_string(parameter_types, ', '), macro_definition
    )
  from functions
  union all
  select database_name, 'index', schema_name, index_name, sql from system.main.duckdb_indexes()
  union all
  select database_name, 'sequence', schema_name, sequence_name, sql from system.main.duckdb_sequences()
  union all
  select
    database_name, 'type', schema_name, type_name,
    system.main.concat_ws(' ', logical_type, system.main.array_to_string(labels, ', '))
  from system.main.duckdb_types() where not internal
  union all
  select database_name, 'comment', schema_name, table_name, comment
  from tables where comment is not null
  union all
  select database_name, 'comment', schema_name, view_name, comment
  from views where comment is not null
  union all
  select
    database_name, 'comment', schema_name, system.main.concat(table_name, '.', column_name), comment
  from system.main.duckdb_columns() where comment is not null
  union all
  select database_name, 'comment', schema_name, function_name, comment
  from functions where comment is not null`;
