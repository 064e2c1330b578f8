import { usageError } from '../errors.ts';
import { OWN_SOURCE } from '../model.ts';
import { isName, NAME_HINT } from '../settings/names.ts';

/** The name of a source or a sink. `where` names its place for the message. */
export function checkName(name: string, where: string): void {
  if (!isName(name)) throw usageError(`${where}: this name cannot be used`, NAME_HINT);
}

/** The name of a source, of which one is taken. */
export function checkSourceName(name: string, where: string): void {
  checkName(name, where);
  if (name !== OWN_SOURCE) return;
  throw usageError(
    `${where}: this name is taken: what auditlake itself archives is called so`,
    'give the source another name',
  );
}
