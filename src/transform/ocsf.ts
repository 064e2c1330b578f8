import { sqlNextTo } from '../platform/sql-file.ts';

const read = sqlNextTo(import.meta.url);

/**
 * SQL that makes OCSF events of a relation `rows`, by the table that its rows are of, run in a warehouse: seq, n, event_uid,
 * revision, occurred_at and the event as json.
 */
export const OCSF: Readonly<Record<string, string>> = {
  audit_events: read('ocsf'),
  findings: read('ocsf-findings'),
};
