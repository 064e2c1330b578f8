/**
 * Every table and view of the warehouse, described once. The schema, the comments that clients show, the lake, deliveries,
 * comparisons and the guide all read it from here.
 */
import type { DeliveredTable } from '../sinks/port.ts';
import { ACCESS } from './tables/access.ts';
import { COSTS_TABLES } from './tables/costs.ts';
import { DIRECTORY } from './tables/directory.ts';
import { EVENTS } from './tables/events.ts';
import { EVIDENCE } from './tables/evidence.ts';
import { FINDINGS } from './tables/findings.ts';
import { INTERNAL } from './tables/internal.ts';
import type { DeliveryOptions, LakeOptions, Table } from './tables/table.ts';
import { USAGE } from './tables/usage.ts';

export type { Column, Table } from './tables/table.ts';

/** What people query, in the order of the guide. */
export const PUBLIC_TABLES: readonly Table[] = [
  ...EVENTS,
  ...ACCESS,
  ...USAGE,
  ...COSTS_TABLES,
  ...DIRECTORY,
  FINDINGS,
  ...EVIDENCE,
];

export const TABLES: readonly Table[] = [...PUBLIC_TABLES, ...INTERNAL];

/** Those that hold rows; views are made of them. */
export const STORED_TABLES: readonly Table[] = TABLES.filter(({ kind }) => kind === 'table');

/** A table that gives rows for an argument. */
export const MACROS: readonly { name: string; comment: string }[] = [
  {
    name: 'timeline',
    comment:
      'The rows of `person_events` of one person, by e-mail address, in the order of time; from `since` on and before `until`, if they are given.',
  },
  {
    name: 'grants_between',
    comment:
      'The rows of `grants` from an instant on and before another; null for no bound. Quicker than a condition on `grants`.',
  },
  {
    name: 'access_as_of',
    comment:
      'What everybody held at an instant, as far as it had been read then. Who is in a group holds what the group holds: `group_id` says by which.',
  },
  {
    name: 'admins_as_of',
    comment: 'Everybody of `access_as_of` who held a role that administers, once per source.',
  },
  {
    name: 'restated_between',
    comment:
      'Figures that the vendor corrected, with the value before (`former`), by when the newest value was read; null for no bound.',
  },
  {
    name: 'coverage_as_of',
    comment: '`coverage` as of an instant; a day is a gap once it is older than the interval.',
  },
];

export type LakeTable = Table & LakeOptions & { time: string };

export const LAKE_TABLES: readonly LakeTable[] = PUBLIC_TABLES.flatMap((table) =>
  table.lake === undefined || table.time === null
    ? []
    : [{ ...table, ...table.lake, time: table.time }],
);

/** A table whose rows are handed to receivers. */
export type DeliverableTable = DeliveredTable & DeliveryOptions;

export const DELIVERABLES: readonly DeliverableTable[] = PUBLIC_TABLES.flatMap(
  ({ name, delivery }) => (delivery === undefined ? [] : [{ name, ...delivery }]),
);

/** @throws if there is no such table: the configuration lists the names that can be chosen */
export function deliverableTable(name: string): DeliverableTable {
  const table = DELIVERABLES.find((one) => one.name === name);
  if (table === undefined) throw new Error(`${name} is not a table that can be delivered`);
  return table;
}

/** Its name in SQL, with the schema, so that nothing else can stand for it. */
export function qualified({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`;
}
