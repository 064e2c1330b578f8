import type { DuckDBConnection } from '@duckdb/node-api';
import { firstRow } from '../database.ts';
import { qualified, type Table } from '../tables.ts';

/**
 * Whether both files have the same rows of a table in the same order, as they mostly have: every pair is compared value by value, in
 * a fifth of the time that it takes to group them. False says nothing: the rows may be the same in another order.
 */
export async function areSameInOrder(
  connection: DuckDBConnection,
  table: Table,
  portion: string,
): Promise<boolean> {
  const { in_warehouse, in_archive, same } = await firstRow(connection, inPairs(table, portion));
  return in_warehouse === same && in_archive === same;
}

/** What one side has more of is paired with nulls, and so is no row of the other. */
function inPairs(table: Table, portion: string): string {
  const side = (name: string): string =>
    `(select true as "is there", * from ${name}.${qualified(table)} where ${portion})`;
  return `
  select
    count(w."is there")::double as in_warehouse, count(a."is there")::double as in_archive,
    count(*) filter (${sameIn(table)})::double as same
  from ${side('warehouse')} w positional join ${side('archive')} a`;
}

/** JSON is compared as it is written, and as numbers zero and minus zero would be the same. */
function sameIn({ columns }: Table): string {
  const names = Object.entries(columns).map(([name, { type }]): [string, string] => [
    name,
    type === 'json' || type === 'double' ? '::varchar' : '',
  ]);
  const all: [string, string][] = [['is there', ''], ...names];
  return all
    .map(([name, as]) => `w."${name}"${as} is not distinct from a."${name}"${as}`)
    .join(' and ');
}
