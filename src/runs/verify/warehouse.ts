import { during } from '../../platform/progress.ts';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifyDocument } from '../../documents/verify.ts';
import { messageOf } from '../../errors.ts';
import { firstRow } from '../../load/database.ts';
import { definesTheSame, differences } from '../../load/differences/differences.ts';
import type { Difference } from '../../load/differences/difference.ts';
import { isOutOfMemory } from '../../load/memory.ts';
import { isAsLeft } from '../../load/warehouse/mark.ts';
import { isAsPublished } from '../../load/warehouse/as-published.ts';
import type { NoteJudge } from '../../platform/notary.ts';
import { withReadable } from '../../load/warehouse/readable-file.ts';
import {
  countGenerations,
  generationNamed,
  lookForPublished,
  type Published,
  warehouseFolder,
} from '../../load/warehouse/published.ts';
import { SCHEMA_VERSION } from '../../load/warehouse/schema.ts';
import { heldCountries, heldVersion } from '../../load/warehouse/hold-countries.ts';
import { statedPeople } from '../../load/warehouse/state-people.ts';
import { isAbsent, sizeOfPlain } from '../../platform/plain-file.ts';
import { Archive } from '../../state/archive.ts';
import type { Context } from '../context.ts';
import { transformFor } from '../transform.ts';
import { counted } from '../../platform/counted.ts';
import { countriesFor } from '../countries.ts';
import { type Stated, withFresh } from './fresh.ts';

/** A generation with the rows that the archive gives at a seq. */
export type Rows = Pick<Published, 'path' | 'seq' | 'widest'>;

/** Compares the lake with rows of which it is known that they are right; null to look at its files alone. */
export type LookAtLake = (rows: Rows | null) => Promise<VerifyDocument['lake']>;

/** `differences` is empty unless it was compared and differs. */
type WarehouseVerdict = Pick<VerifyDocument, 'warehouse' | 'differences'> & {
  /** What was found of the lake meanwhile; null if the rows of a right warehouse are not there to compare it with. */
  lake: VerifyDocument['lake'] | null;
};

type State = WarehouseVerdict['warehouse']['state'];

/**
 * Compares the published warehouse with what the archive gives, which is built separately by the same rules and thrown away.
 * The archive must have been found whole. The lake is compared with the same rows meanwhile. Changes nothing.
 */
export async function verifyWarehouse(
  context: Context,
  lookAtLake: LookAtLake,
): Promise<WarehouseVerdict> {
  const { home } = context.config;
  const published = await lookForPublished(home);
  if (published === 'broken') {
    return verdict(
      'different',
      'warehouse/current.json is not as auditlake writes it; the next sync makes the warehouse anew',
    );
  }
  const link = await linkOf(join(home, 'warehouse.duckdb'));
  const noted = published === 'absent' ? null : published;
  if (noted !== null && link === `warehouse/${noted.file}`)
    return await compareNoted(context, noted, lookAtLake);
  if (noted === null && link === null) {
    return verdict('absent', 'there is no warehouse; `auditlake rebuild` makes it');
  }
  if (noted !== null && link === NO_LINK && (await isCopy(home, noted))) {
    return await compareCopy(context, noted, lookAtLake);
  }
  const linked = link === null ? null : generationNamed(link);
  // Only the first one that is published has no former note.
  const isNoteGone = noted === null && (await countGenerations(home)) > 1;
  if (linked === null || isNoteGone) {
    return verdict(
      'different',
      `warehouse.duckdb leads to ${link ?? 'nothing'}, but ${noted?.file ?? 'nothing'} was published; the next sync mends it`,
    );
  }
  return await compareLinked(context, join(warehouseFolder(home), linked), noted, lookAtLake);
}

/**
 * Whether readers get what was published last, as it was left. Its rows are not compared.
 *
 * @param judge says who may have noted it; null where nothing is signed
 */
export async function lookAtWarehouse(
  context: Context,
  judge: NoteJudge | null,
  lookAtLake: LookAtLake,
): Promise<WarehouseVerdict> {
  const { home } = context.config;
  const published = await lookForPublished(home);
  const link = await linkOf(join(home, 'warehouse.duckdb'));
  const isRight =
    typeof published !== 'string' &&
    link === `warehouse/${published.file}` &&
    (await isAsPublished(published, judge).catch(() => false));
  // What is not as it should be is looked at whole.
  if (!isRight) return await verifyWarehouse(context, lookAtLake);
  return verdict(
    'as-published',
    `${published.file} is as it was published, up to seq ${published.seq}; its rows were not compared: \`auditlake verify\` does`,
  );
}

/** What readers get is what was published last. */
async function compareNoted(
  context: Context,
  noted: Published,
  lookAtLake: LookAtLake,
): Promise<WarehouseVerdict> {
  const { version } = transformFor(context);
  const { seq, path, widest } = noted;
  if (noted.transform_version !== version || noted.schema_version !== SCHEMA_VERSION) {
    return await ofOtherVersion(context, noted);
  }
  const { pruned } = (await Archive.openForReading(context.layout)).ledger.state;
  if (pruned.at > seq) {
    return verdict('stale', 'not compared: batches were pruned since; the next sync makes it anew');
  }
  // Only the file itself knows what the user had said about people when it was made.
  const now = await statedNow(context);
  const isSaidNow =
    noted.people_version === now.people.version &&
    noted.countries_version === now.countries.version;
  const stated = isSaidNow ? now : await statedIn(path);
  const found = await compare(context, { path, seq, widest }, stated, lookAtLake);
  if (found.lake === null) return found;
  if (await isAsLeft(path, noted)) return found;
  return verdict(
    'different',
    `warehouse/${noted.file} has the rows that the archive gives, but is not as it was published: somebody wrote into it, or into the note about it; the next sync makes it anew`,
  );
}

/** An altered note about the version must not keep the warehouse from being compared. */
async function ofOtherVersion(context: Context, noted: Published): Promise<WarehouseVerdict> {
  const { version } = transformFor(context);
  // A file of a version that had no such table, or none at all, is made anew anyway.
  const meta = await metaOf(noted.path).catch(() => null);
  const isOfOurs =
    meta?.version === version &&
    (await withFresh(context, 0, ({ path }) => definesTheSame(noted.path, path)));
  if (meta !== null && (meta.version !== noted.transform_version || isOfOurs)) {
    const what = `warehouse/current.json says that another version made ${noted.file} than the file itself`;
    return verdict('different', `${what}; the next sync makes it anew`);
  }
  return verdict(
    'stale',
    'not compared: it was made by another version; the next sync makes it anew',
  );
}

/**
 * Readers get a generation that nobody noted. A run that is killed between the two leaves it so: then its rows are what the archive
 * gives.
 */
async function compareLinked(
  context: Context,
  path: string,
  noted: Published | null,
  lookAtLake: LookAtLake,
): Promise<WarehouseVerdict> {
  const { version } = transformFor(context);
  const meta = await metaOf(path).catch((error: unknown) => messageOf(error));
  if (typeof meta === 'string') return verdict('unreadable', `cannot be compared: ${meta}`);
  if (meta.version !== version) {
    const isExplained = noted === null || noted.transform_version !== version;
    return isExplained
      ? verdict(
          'stale',
          'not compared: it was made by another version; the next sync makes it anew',
        )
      : verdict(
          'different',
          `warehouse.duckdb leads to a file that another version made, but ${noted.file} was published`,
        );
  }
  const rows = { path, seq: meta.seq, widest: noted?.widest ?? 0 };
  const found = await compare(context, rows, await statedIn(path), lookAtLake);
  if (found.lake === null) return found;
  const what = `equal to the archive at seq ${meta.seq}, but not noted: a run was interrupted; the next sync completes it`;
  return { ...found, warehouse: { state: 'stale', what } };
}

async function metaOf(path: string): Promise<{ version: string; seq: number }> {
  await sizeOfPlain(path);
  const { transform_version, seq } = await withReadable(
    path,
    ({ connection }) => firstRow(connection, 'from internal.meta'),
    { asMade: 'internal.meta' },
  );
  return { version: String(transform_version), seq: Number(seq) };
}

async function statedNow(context: Context): Promise<Stated> {
  return { people: context.config.people, countries: await countriesFor(context) };
}

async function statedIn(path: string): Promise<Stated> {
  return {
    people: await withReadable(path, ({ connection }) => statedPeople(connection), {
      asMade: 'internal.stated_identities',
    }),
    countries: {
      version: await withReadable(path, ({ connection }) => heldVersion(connection), {
        asMade: 'internal.country_file',
      }),
      of: async () =>
        await withReadable(path, ({ connection }) => heldCountries(connection), {
          asMade: 'internal.address_countries',
        }),
    },
  };
}

/** Which files of the user's are others now than those that a warehouse was made with. */
function changedSince(then: Stated, now: Stated): string[] {
  return [
    ...(then.people.version === now.people.version ? [] : ['the file of people has changed since']),
    ...(then.countries.version === now.countries.version
      ? []
      : ['the country file has changed since, or is of no use']),
  ];
}

async function compare(
  context: Context,
  { path, seq, widest }: Rows,
  stated: Stated,
  lookAtLake: LookAtLake,
): Promise<WarehouseVerdict> {
  const { output, layout, config } = context;
  for (const log of [`${path}.wal`, join(config.home, 'warehouse.duckdb.wal')]) {
    if (await isThere(log)) {
      return verdict(
        'different',
        `${log} is there: another program wrote into the warehouse, and readers may see what it wrote; remove it once that program has ended`,
      );
    }
  }
  let lake: PromiseSettledResult<VerifyDocument['lake']>;
  try {
    await sizeOfPlain(path);
    const compared = await withFresh(
      context,
      seq,
      async (fresh) =>
        await Promise.allSettled([
          during(output, 'comparing the warehouse', () => differences(path, fresh.path, fresh)),
          // With rows of which it is certain that the archive gives them, whatever the warehouse has.
          lookAtLake({ path: fresh.path, seq, widest }),
        ]),
      stated,
    );
    lake = compared[1];
    const found = valueOf(compared[0]);
    if (found.length > 0) {
      const warehouse = { state: 'different' as const, what: summary(found) };
      return { warehouse, differences: found, lake: null };
    }
  } catch (error) {
    // Too little memory says nothing about the evidence.
    if (isOutOfMemory(error)) throw error;
    return verdict(
      'unreadable',
      `cannot be compared: ${messageOf(error)}; \`auditlake rebuild\` makes it anew`,
    );
  }
  // A former warehouse in the place of the present one is equal to a former archive.
  const hasNews = await (await Archive.openForReading(layout)).hasNews(seq);
  const changed = changedSince(stated, await statedNow(context));
  const but = hasNews ? ['more is archived: a run is under way or was interrupted'] : changed;
  const what = `equal to the archive at seq ${seq}`;
  const warehouse =
    but.length === 0
      ? { state: 'equal' as const, what }
      : {
          state: 'stale' as const,
          what: `${what}, but ${but.join(', and ')}; the next sync loads it`,
        };
  return { warehouse, differences: [], lake: valueOf(lake) };
}

/** @throws why there is none */
function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

const NO_LINK = 'nowhere: it is no link';

/** A backup that follows links leaves what was published in the place of the link to it. */
async function isCopy(home: string, noted: Published): Promise<boolean> {
  return await isAsLeft(join(home, 'warehouse.duckdb'), noted).catch(() => false);
}

/** It is what readers get. */
async function compareCopy(
  context: Context,
  noted: Published,
  lookAtLake: LookAtLake,
): Promise<WarehouseVerdict> {
  const path = join(context.config.home, 'warehouse.duckdb');
  const found = await compareNoted(context, { ...noted, path }, lookAtLake);
  if (found.warehouse.state !== 'equal') return found;
  const what = `${found.warehouse.what}, but warehouse.duckdb is a copy of ${noted.file} and no link to it; the next sync mends it`;
  return { ...found, warehouse: { state: 'stale', what } };
}

/** Where the link leads to; null if nothing is there. */
async function linkOf(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    return isAbsent(error) ? null : NO_LINK;
  }
}

function verdict(state: State, what: string): WarehouseVerdict {
  return { warehouse: { state, what }, differences: [], lake: null };
}

/** Of an archive that is not whole. */
export const NOT_COMPARED = verdict('unreadable', 'not compared: the archive itself is not whole');

/** The numbers of every table, whose places are told apart in `differences`. */
function summary(found: readonly Difference[]): string {
  const tables = new Set(found.map(({ table }) => table));
  return [...tables]
    .map((name) => `${name}: ${countsOf(found.filter(({ table }) => table === name))}`)
    .join('; ');
}

/** How many of each side, in words. */
function countsOf(
  places: readonly Pick<Difference, 'only_in_warehouse' | 'only_in_archive'>[],
): string {
  const sum = (side: 'only_in_warehouse' | 'only_in_archive'): number =>
    places.reduce((all, place) => all + place[side], 0);
  return `${counted(sum('only_in_warehouse'), 'row')} that the archive does not give, ${sum('only_in_archive')} missing`;
}
