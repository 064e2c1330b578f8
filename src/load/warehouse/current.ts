import { AuditlakeError, EXIT } from '../../errors.ts';
import type { Published } from './published.ts';
import { SCHEMA_VERSION } from './schema.ts';

/** Whether this version made the tables, so that internal ones can be read too. */
export function isCurrent({ schema_version }: Published): boolean {
  return schema_version === SCHEMA_VERSION;
}

/** @throws AuditlakeError `incomplete` if another version made the tables */
export function expectCurrent(published: Published): void {
  if (isCurrent(published)) return;
  throw new AuditlakeError(
    'warehouse-version',
    `${published.file} has the tables of another version of auditlake`,
    'run `auditlake sync` or `auditlake rebuild`: either makes the warehouse anew from the archive',
    EXIT.incomplete,
  );
}
