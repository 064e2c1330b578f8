import { usageError } from '../errors.ts';
import { isName, NAME_HINT } from '../settings/names.ts';

/** The name of a source or a sink. `where` names its place for the message. */
export function checkName(name: string, where: string): void {
  if (!isName(name)) throw usageError(`${where}: this name cannot be used`, NAME_HINT);
}
