import { readFile, writeFile } from 'node:fs/promises';
import type { Transform } from '../../model.ts';
import { type Database, openPrivate, type Resources } from '../database.ts';
import { definedFile } from './defined-file.ts';
import { fillVocabulary } from './schema.ts';

/** Empty generations as files, by the version of the transform; null after the first: from the second on a process copies it. */
const filled = new Map<string, Buffer | null>();

/** Opens a new file with the tables and views, and no rows but the vocabulary. */
export async function openEmpty(
  path: string,
  resources: Resources,
  transform: Transform,
): Promise<Database> {
  const { version } = transform;
  const known = filled.get(version);
  await writeFile(path, known ?? (await definedFile()));
  const database = await openPrivate(path, resources);
  if (known) return database;
  try {
    await fillVocabulary(database.connection, transform);
    if (known === null) {
      await database.connection.run('checkpoint');
      filled.set(version, await readFile(path));
    } else filled.set(version, null);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
