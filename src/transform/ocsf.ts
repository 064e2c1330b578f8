import { readFileSync } from 'node:fs';

/**
 * SQL that makes OCSF events of a relation `rows`, run in a warehouse: seq, n, event_uid, revision, occurred_at and the
 * event as json.
 */
export const OCSF = readFileSync(new URL('ocsf.sql', import.meta.url), 'utf8');
