/** The key under which hidden texts are hashed: a file of the home, made once, that only its owner can read. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { integrityError, messageOf } from '../errors.ts';
import { makeFolder, writeDurably } from '../platform/durable.ts';
import { isAbsent, readPlain } from '../platform/plain-file.ts';
import type { Layout } from './layout.ts';

const FILE = 'redaction.key';
const BYTES = 32;
const SHAPE = new RegExp(`^[0-9a-f]{${2 * BYTES}}\n$`);

/**
 * The key of the home, which is made if there is none. Under another key every hidden text would look changed, so one that
 * cannot be read is never replaced.
 *
 * @throws AuditlakeError `integrity` if there is something else in its place
 */
export async function redactionKey(layout: Layout): Promise<Buffer> {
  const found = await readKey(layout);
  if (found !== null) return found;
  const made = randomBytes(BYTES);
  await makeFolder(layout.home);
  await writeDurably(join(layout.home, FILE), `${made.toString('hex')}\n`);
  return made;
}

/** For `check` and previews, which keep nothing: a key that is never stored. */
export function throwawayKey(): Buffer {
  return randomBytes(BYTES);
}

async function readKey({ home }: Layout): Promise<Buffer | null> {
  const file = join(home, FILE);
  let text: string;
  try {
    text = (await readPlain(file, 1000)).toString('latin1');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw unusable(file, messageOf(error), error);
  }
  if (!SHAPE.test(text))
    throw unusable(file, 'it does not hold 64 hexadecimal digits and a line end');
  return Buffer.from(text.trim(), 'hex');
}

function unusable(file: string, why: string, cause?: unknown): Error {
  return integrityError(
    `the key for hidden texts in ${file} cannot be used: ${why}`,
    'put the file back from a copy; without one, remove it: a new key is made, and every hidden text will look changed once',
    cause,
  );
}
