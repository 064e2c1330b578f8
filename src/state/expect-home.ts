import { accessSync, constants, existsSync, lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
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

/** Any of them without the archive is a matter of integrity; the last is there while a first run has not begun one yet. */
const LEFT_BY_RUNS = ['archive', 'warehouse', 'deliveries', 'running.json'];

/**
 * Looks whether there is anything to work on, for what begins no archive of its own: in a folder that was named wrongly it would find
 * that all is well, and leave a home there.
 *
 * @throws AuditlakeError `usage` where there is neither an archive nor what was made from one
 */
export function expectArchive({ home }: Layout): void {
  if (LEFT_BY_RUNS.some((name) => existsSync(join(home, name)))) return;
  throw usageError(
    `there is no archive in ${home}`,
    'name its folder with --home; `auditlake sync` begins one',
  );
}
