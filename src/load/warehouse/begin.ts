import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Countries, StatedPeople, Transform } from '../../model.ts';
import { confine } from '../database.ts';
import { openBase, type Wanted } from './base.ts';
import { type Generation, generationOn } from './generation.ts';
import type { Notary } from '../../platform/notary.ts';
import { BUILDING, warehouseFolder } from './published.ts';
import { leaveWorkplace, workplaceFor } from './workplace.ts';

export { isInPlace, type Published, publishedGeneration, removeFormer } from './published.ts';
export type { Generation } from './generation.ts';

export type LoadOptions = {
  home: string;
  /** The folder to build in, for a file that is not to be published; by default that of the generations. */
  buildIn?: string;
  transform: Transform;
  people: StatedPeople;
  countries: Countries;
  memoryMb?: number;
  /** Signs the note about what is published, and says whose notes a run may continue from; null or left out where nothing is signed. */
  notary?: Notary | null;
  onMessage: (text: string) => void;
};

/** Starts the next generation, on what there is or on nothing. */
export async function beginGeneration(options: LoadOptions, wanted: Wanted): Promise<Generation> {
  const { home, transform, people, countries, onMessage } = options;
  const { published } = wanted;
  const { notary = null } = options;
  const folder = options.buildIn ?? warehouseFolder(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(
    await workplaceFor(folder),
    `${BUILDING}${randomBytes(6).toString('hex')}.duckdb`,
  );
  const resources = { ...options, spill: `${path}.spill` };
  try {
    const { database, seq, emptyBecause } = await openBase(path, resources, transform, {
      ...wanted,
      notary,
    });
    await confine(database.connection, { folders: [join(home, 'archive'), dirname(path)] });
    return generationOn(database, {
      home,
      folder,
      path,
      transform,
      people,
      countries,
      onMessage,
      baseSeq: seq,
      startedEmptyBecause: emptyBecause,
      former: published,
      notary,
    });
  } catch (error) {
    await rm(path, { force: true });
    await leaveWorkplace(folder, path);
    throw error;
  }
}
