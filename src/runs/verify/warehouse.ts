import { readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifyDocument } from '../../documents/verify.ts';
import { batchGroups } from '../../load/warehouse/batch-groups.ts';
import type { Context } from '../context.ts';
import { messageOf } from '../../errors.ts';
import { differences } from '../../load/differences/differences.ts';
import type { Difference } from '../../load/differences/difference.ts';
import { makeScratch } from '../../load/scratch.ts';
import { memoryToLoad } from '../../load/memory.ts';
import { SCHEMA_VERSION } from '../../load/warehouse/schema.ts';
import { beginGeneration, type Published } from '../../load/warehouse/begin.ts';
import type { Transform } from '../../model.ts';
import { Archive } from '../../state/archive.ts';
import { transformFor } from '../transform.ts';

/** `differences` is empty unless it was compared and differs. */
export type WarehouseVerdict = Pick<VerifyDocument, 'warehouse' | 'differences'>;

/**
 * Compares the published warehouse with what the archive gives, which is built separately by the same rules and thrown away.
 * The archive must have been found whole. Changes nothing.
 */
export async function verifyWarehouse(
  context: Context,
  published: Published | null,
): Promise<WarehouseVerdict> {
  const { home } = context.config;
  const link = await linkOf(join(home, 'warehouse.duckdb'));
  const expected = published === null ? null : `warehouse/${published.file}`;
  if (link !== expected) {
    return withoutRows(
      'different',
      `warehouse.duckdb leads to ${link ?? 'nothing'}, but ${expected ?? 'nothing'} was published; the next sync mends it`,
    );
  }
  if (published === null) {
    return withoutRows('absent', 'there is no warehouse; `auditlake rebuild` makes it');
  }
  const transform = transformFor(context);
  if (
    published.transform_version !== transform.version ||
    published.schema_version !== SCHEMA_VERSION
  ) {
    return withoutRows(
      'stale',
      'not compared: it was made by another version; the next sync makes it anew',
    );
  }
  return compare(context, published, transform);
}

async function compare(
  context: Context,
  published: Published,
  transform: Transform,
): Promise<WarehouseVerdict> {
  const { config, layout, output } = context;
  const archive = await Archive.openForReading(layout);
  // Not among the generations: a run that is active meanwhile tidies up there.
  const buildIn = await makeScratch(config.home);
  const onMessage = (text: string): void => output.log.debug(text);
  const options = { home: config.home, buildIn, transform, onMessage };
  const fresh = await beginGeneration(options, { fresh: true, published });
  try {
    // What was built at once is compared at once.
    const ends: number[] = [];
    let memoryMb = memoryToLoad([]);
    for await (const group of batchGroups(archive.batches(0))) {
      const known = group.filter((batch) => batch.seq <= published.seq);
      const last = known.at(-1);
      // Archived since by a run that is active meanwhile.
      if (last === undefined) break;
      await fresh.apply(known);
      ends.push(last.seq);
      memoryMb = Math.max(memoryMb, memoryToLoad(known));
      output.progress(`verify: built for comparison up to seq ${last.seq} of ${published.seq}`);
    }
    await fresh.seal({ files: await archive.segmentFiles(), seq: published.seq });
    output.progress('verify: comparing');
    const found = await differences(published.path, fresh.path, { ends, memoryMb });
    if (found.length > 0) {
      return { warehouse: { state: 'different', what: summary(found) }, differences: found };
    }
    // A former warehouse in the place of the present one is equal to a former archive.
    if (await archive.hasNews(published.seq)) {
      return withoutRows(
        'stale',
        `equal to the archive at seq ${published.seq}, but more is archived: a run is under way, or the next sync loads it`,
      );
    }
    return withoutRows('equal', `equal to the archive at seq ${published.seq}`);
  } catch (error) {
    // Too little memory says nothing about the evidence.
    if (/Out of Memory/i.test(messageOf(error))) throw error;
    return withoutRows(
      'unreadable',
      `cannot be compared: ${messageOf(error)}; \`auditlake rebuild\` makes it anew`,
    );
  } finally {
    await fresh.finish();
    await rm(buildIn, { recursive: true, force: true });
  }
}

/** Where the link leads to; null if nothing is there. */
async function linkOf(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    return 'nowhere: it is no link';
  }
}

function withoutRows(
  state: WarehouseVerdict['warehouse']['state'],
  what: string,
): WarehouseVerdict {
  return { warehouse: { state, what }, differences: [] };
}

/** The numbers of every table, whose places are told apart in `differences`. */
function summary(found: readonly Difference[]): string {
  const tables = new Set(found.map(({ table }) => table));
  return [...tables]
    .map((name) => `${name}: ${countsOf(found.filter(({ table }) => table === name))}`)
    .join('; ');
}

/** How many of each side, in words. */
export function countsOf(
  places: readonly Pick<Difference, 'only_in_warehouse' | 'only_in_archive'>[],
): string {
  const sum = (side: 'only_in_warehouse' | 'only_in_archive'): number =>
    places.reduce((all, place) => all + place[side], 0);
  return `${sum('only_in_warehouse')} rows that the archive does not give, ${sum('only_in_archive')} missing`;
}
