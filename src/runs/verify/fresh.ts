import { rm } from 'node:fs/promises';
import { during } from '../../platform/progress.ts';
import { makeScratch } from '../../load/scratch.ts';
import { batchGroups } from '../../load/warehouse/batch-groups.ts';
import { beginGeneration } from '../../load/warehouse/begin.ts';
import { memoryToLoad } from '../../load/memory.ts';
import { Archive } from '../../state/archive.ts';
import type { Countries, StatedPeople } from '../../model.ts';
import type { Context } from '../context.ts';
import { countriesFor } from '../countries.ts';
import { transformFor } from '../transform.ts';

/** What the archive gives, by the rules that make the warehouse. `ends` are the seqs after which it was built in portions. */
export type Fresh = { path: string; ends: number[]; memoryMb: number };

/** What files of the user's say, and no record of a vendor. */
export type Stated = { people: StatedPeople; countries: Countries };

/**
 * Builds what the archive gives up to a seq, for a comparison, and throws it away afterwards. Changes nothing.
 *
 * @param stated what the user says, where that is not what the configuration says now
 */
export async function withFresh<T>(
  context: Context,
  seq: number,
  work: (fresh: Fresh) => Promise<T>,
  stated: Partial<Stated> = {},
): Promise<T> {
  const { config, layout, output } = context;
  const archive = await Archive.openForReading(layout);
  // Not among the generations: a run that is active meanwhile tidies up there.
  const buildIn = await makeScratch(config.home);
  const onMessage = (text: string): void => output.log.debug(text);
  const transform = transformFor(context);
  const { people = config.people, countries = await countriesFor(context) } = stated;
  const options = { home: config.home, buildIn, transform, people, countries, onMessage };
  try {
    const fresh = await beginGeneration(options, { fresh: true, published: null });
    try {
      // What was built at once is compared at once.
      const ends: number[] = [];
      let memoryMb = memoryToLoad([]);
      await during(output, 'building what the archive gives', async (report) => {
        for await (const group of batchGroups(archive.batches(0))) {
          const known = group.filter((batch) => batch.seq <= seq);
          const last = known.at(-1);
          // Archived since by a run that is active meanwhile.
          if (last === undefined) break;
          await fresh.apply(known);
          ends.push(last.seq);
          memoryMb = Math.max(memoryMb, memoryToLoad(known));
          report({ what: `up to seq ${last.seq}`, fraction: last.seq / seq });
        }
        await fresh.seal({ files: await archive.segmentFiles(), seq });
      });
      return await work({ path: fresh.path, ends, memoryMb });
    } finally {
      await fresh.finish();
    }
  } finally {
    await rm(buildIn, { recursive: true, force: true });
  }
}
