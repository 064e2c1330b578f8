import { randomBytes } from 'node:crypto';
import { access, constants, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, usageError } from '../errors.ts';
import { syncToDisk } from './durable.ts';

/**
 * Writes a file of the user's that appears complete or not at all.
 *
 * @param target absolute
 * @param write  fills the file of the given name, next to the target
 * @throws AuditlakeError `usage` if the folder cannot be written to
 */
export async function writeWhole<T>(
  target: string,
  write: (part: string) => Promise<T>,
): Promise<T> {
  const folder = dirname(target);
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw usageError(
      `${target} cannot be written: ${messageOf(error)}`,
      'name a file in a folder that exists and that this user may write',
    );
  });
  const part = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.part`);
  try {
    const result = await write(part);
    await syncToDisk(part);
    await rename(part, target);
    await syncToDisk(folder);
    return result;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
