import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from '../../documents/check.ts';
import { EXIT, messageOf } from '../../errors.ts';
import { homeBytes } from '../../platform/home-bytes.ts';
import { isAbsent } from '../../platform/plain-file.ts';
import { Archive } from '../../state/archive.ts';
import { archivedPerDay } from '../../state/ledger-queries.ts';
import type { Context } from '../context.ts';
import { endOf } from '../outcome.ts';
import { diskFinding } from './disk.ts';
import { problem } from './finding.ts';

/** Whether the home can be written, and for how long its disk suffices. */
export async function checkHome({ config: { home }, layout, now }: Context): Promise<Finding> {
  let free: number;
  try {
    free = await freeBytes(home);
  } catch (error) {
    const detail = `${home} cannot be written: ${messageOf(error)}`;
    const hint = 'make it writable for this user, or set AUDITLAKE_HOME';
    return problem('home', detail, hint, EXIT.usage);
  }
  try {
    const archive = await Archive.openForReading(layout);
    const perDay = await archivedPerDay(archive, now());
    return diskFinding({ home, free, parts: await homeBytes(home), archivedPerDay: perDay });
  } catch (failure) {
    const { error, exit } = endOf(failure);
    return problem('home', error?.message ?? '', error?.hint ?? '', exit);
  }
}

/** Of the folder, or the nearest one above it that exists: it can be created there. */
async function freeBytes(folder: string): Promise<number> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(folder);
    if (isAbsent(error) && parent !== folder) return await freeBytes(parent);
    throw error;
  }
}
