import type { Target } from '../../model.ts';
import { INTERNAL } from './internal.ts';
import { type Columns, instant } from './table.ts';

/**
 * What a mapping to each target selects, by name and in any order: the columns of the table that it fills, but for those that the
 * load works out. A column that a mapping leaves out is null.
 */
export const TARGETS: Readonly<Record<Target, Columns>> = {
  event: seen(without('events', ['revision', 'first_seen_at'])),
  entity: without('entity_versions', []),
  figure: without('figures', ['latest']),
  session: seen(without('sessions', ['first_seen_at'])),
  finding: without('findings', []),
  grant: without('grants', []),
  membership: without('memberships', []),
};

function without(table: string, names: readonly string[]): Columns {
  const found = INTERNAL.find(({ name }) => name === table);
  if (found === undefined) throw new Error(`there is no table internal.${table}`);
  return Object.fromEntries(
    Object.entries(found.columns).filter(([name]) => !names.includes(name)),
  );
}

function seen(columns: Columns): Columns {
  return { ...columns, seen_at: instant('when the record was read') };
}
