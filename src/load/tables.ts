import type { DeliveredTable } from '../sinks/port.ts';

/** A table whose rows are handed to receivers. */
export type DeliverableTable = DeliveredTable & {
  /** The relation that has its rows, with their `seq`. */
  from: string;
  /** What a row takes, in bytes, as SQL over that relation. */
  bytes: string;
};

export const DELIVERABLES: readonly DeliverableTable[] = [
  {
    name: 'audit_events',
    uid: 'event_uid',
    time: 'occurred_at',
    clustering: ['source', 'action'],
    formats: ['auditlake', 'ocsf'],
    isDefault: true,
    from: 'events',
    bytes: 'strlen(raw::varchar)',
  },
  {
    name: 'usage_metrics',
    uid: 'row_uid',
    time: 'period_start',
    clustering: ['source', 'dataset', 'metric'],
    formats: ['auditlake'],
    isDefault: false,
    from: 'figures',
    bytes: '200',
  },
  {
    name: 'entity_history',
    uid: 'row_uid',
    time: 'valid_from',
    clustering: ['source', 'entity_type', 'entity_id'],
    formats: ['auditlake'],
    isDefault: false,
    from: '(from entity_versions where present)',
    bytes: 'strlen(attributes::varchar)',
  },
  {
    name: 'work_sessions',
    uid: 'row_uid',
    time: 'updated_at',
    clustering: ['source', 'status'],
    formats: ['auditlake'],
    isDefault: false,
    from: 'sessions',
    bytes: 'strlen(raw::varchar)',
  },
];

/** @throws if there is no such table: the configuration lists the names that can be chosen */
export function deliverableTable(name: string): DeliverableTable {
  const table = DELIVERABLES.find((one) => one.name === name);
  if (table === undefined) throw new Error(`${name} is not a table that can be delivered`);
  return table;
}
