import { createHash } from 'node:crypto';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { lakeFolder } from '../../load/lake/manifest.ts';
import { PLACING } from '../../load/lake/place.ts';
import { warehouseFolder } from '../../load/warehouse/published.ts';
import { messageOf } from '../../errors.ts';
import { streamPlain } from '../../platform/plain-file.ts';
import type { RunLock } from '../../state/lock.ts';

const MOST_TURNS = 3;

/** `hasChanged`: runs replaced what was looked at each time, so that what was found wrong says nothing. */
type Settled<T> = { found: T; hasChanged: false } | { found: T | null; hasChanged: true };

/**
 * Looks at what runs replace. What is found wrong counts only if nothing was replaced meanwhile; else it is looked at again, and not
 * for ever: at last with all runs held off, so that whoever goes on replacing it is none.
 *
 * @param holdOff keeps runs away; null where one is at work, or where that cannot be done
 * @throws what `look` throws, unless something was replaced meanwhile
 */
export async function settled<T>(
  home: string,
  look: () => Promise<T>,
  isRight: (found: T) => boolean,
  holdOff: () => Promise<RunLock | null>,
): Promise<Settled<T>> {
  let last: T | null = null;
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    const before = await replaceable(home);
    try {
      last = await look();
      if (isRight(last) || (await replaceable(home)) === before) {
        return { found: last, hasChanged: false };
      }
    } catch (error) {
      if ((await replaceable(home)) === before) throw error;
    }
  }
  const lock = await holdOff();
  if (lock === null) return { found: last, hasChanged: true };
  try {
    return { found: await look(), hasChanged: false };
  } finally {
    await lock.release();
  }
}

/** What every run that publishes anything replaces. */
async function replaceable(home: string): Promise<string> {
  const link = await readlink(join(home, 'warehouse.duckdb')).catch(messageOf);
  const lake = lakeFolder(home);
  const files = [
    join(warehouseFolder(home), 'current.json'),
    join(lake, 'manifest.json'),
    join(lake, PLACING),
  ];
  return [link, ...(await Promise.all(files.map(digestOf)))].join('\n');
}

/** Of its content; of whatever is in its place, why it cannot be read. */
async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of streamPlain(file)) hash.update(piece);
    return hash.digest('hex');
  } catch (error) {
    return messageOf(error);
  }
}
