import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { integrityError, messageOf, usageError } from '../errors.ts';
import { isAbsent } from '../platform/plain-file.ts';
import type { Layout } from './layout.ts';

const HINT = 'name a folder that this user may read and write, with --home or AUDITLAKE_HOME';

/**
 * Looks whether a home is one, before anything is done with it. None at all is fine: a first run makes it.
 *
 * @throws AuditlakeError `usage` where it is no folder, leads nowhere or belongs to somebody else; `integrity` where there
 *   is something in the place of the archive
 */
export function expectHome({ home, archive, ledger }: Layout): void {
  if (/[*?[]/.test(home) && home.includes('\\')) {
    throw usageError(
      `the home ${home} cannot be used: DuckDB takes a path with a backslash and one of * ? [ for a pattern`,
      HINT,
    );
  }
  for (const path of [home, archive, ledger]) {
    const found = whatIs(path);
    if (found === 'nothing') return;
    if (found === 'folder') continue;
    if (found !== 'other' || path === home) {
      const what = found === 'other' ? 'it is no folder' : found;
      throw usageError(`the home ${home} cannot be used: ${what}`, HINT);
    }
    throw integrityError(
      `${path} is no folder: something is in the place of the archive`,
      'look who put it there, and bring the archive back from a copy',
    );
  }
}

/** A folder that can be read, nothing, another thing, or why that cannot be found out. */
function whatIs(path: string): string {
  try {
    if (!statSync(path).isDirectory()) return 'other';
    accessSync(path, constants.R_OK | constants.X_OK);
    return 'folder';
  } catch (error) {
    if (!isAbsent(error)) return messageOf(error);
    return isLink(path) ? `${path} is a link that leads nowhere` : 'nothing';
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
