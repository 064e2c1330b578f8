import { readFile, writeFile } from 'node:fs/promises';
import type { Transform } from '../../model.ts';
import { type Database, openPrivate, type Resources } from '../database.ts';
import { createSchema } from './schema.ts';

/**
 * Empty generations as files, by the version of the transform; null after the first. Creating one takes a third of a
 * second, so from the second on a process copies it. A process that creates one pays nothing for this.
 */
const made = new Map<string, Buffer | null>();

/** Opens a new file with the tables and views, and no rows. */
export async function openEmpty(
  path: string,
  resources: Resources,
  transform: Transform,
): Promise<Database> {
  const { version } = transform;
  const known = made.get(version);
  if (known) {
    await writeFile(path, known);
    return openPrivate(path, resources);
  }
  const database = await openPrivate(path, resources, { isNew: true });
  try {
    await createSchema(database.connection, transform);
    if (known === null) {
      await database.connection.run('checkpoint');
      made.set(version, await readFile(path));
    } else made.set(version, null);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
