import type { DuckDBConnection } from '@duckdb/node-api';
import { type Definition, definitions, without } from '../warehouse/definitions.ts';
import { type Difference, type OnlyIn, withoutPlace } from './difference.ts';

/** The name under which what is wrong with the definitions is reported, as for a table. */
const DEFINITIONS = 'definitions';

/**
 * Compares tables, views and macros by their definitions and comments: a view that was defined anew hides rows without one
 * being altered.
 *
 * @returns what differs, and the qualified names of the tables whose rows can be compared, being defined alike
 */
export async function differingDefinitions(
  connection: DuckDBConnection,
): Promise<{ found: Difference[]; tables: Set<string> }> {
  const defined = await definitions(connection);
  const [warehouse, archive] = [defined.get('warehouse') ?? [], defined.get('archive') ?? []];
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
  return { found: [withoutPlace(DEFINITIONS, rows)], tables };
}

function shown(only_in: OnlyIn['only_in'], { kind, name }: Definition): OnlyIn {
  return { only_in, kind, name: name.replace(/^main\./, '') };
}

function isTable({ kind }: Definition): boolean {
  return kind === 'table';
}
