import { AuditlakeError, EXIT } from '../../errors.ts';
import type { Published } from './published.ts';
import { SCHEMA_VERSION } from './schema.ts';

/** Whether the tables are those of this version, so that more than the public ones can be read. */
export function isCurrent({ schema_version }: Published): boolean {
  return schema_version === SCHEMA_VERSION;
}

/** @throws incomplete if the tables are those of another version */
export function expectCurrent(published: Published): void {
  if (isCurrent(published)) return;
  throw new AuditlakeError(
    'warehouse-version',
    `${published.file} has the tables of another version of auditlake`,
    'run `auditlake sync` or `auditlake rebuild`: either makes the warehouse anew from the archive',
    EXIT.incomplete,
  );
}
