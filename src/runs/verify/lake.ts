import { rm } from 'node:fs/promises';
import type { VerifyDocument } from '../../documents/verify.ts';
import { confine, openDatabase } from '../../load/database.ts';
import { isKept } from '../../load/lake/calendar.ts';
import { compareFiles, compareManifest, type Right } from '../../load/lake/compare.ts';
import { lakeFolder, type Manifest } from '../../load/lake/manifest.ts';
import { type LakeFault, type LakeFiles, verifyLake } from '../../load/lake/verify.ts';
import { publishedGeneration } from '../../load/warehouse/begin.ts';
import { NO_COUNTRIES } from '../../model.ts';
import { memoryToRead } from '../../load/memory.ts';
import { makeScratch } from '../../load/scratch.ts';
import { Archive } from '../../state/archive.ts';
import type { Context } from '../context.ts';
import { firstDayKept } from '../derive.ts';
import { type Fresh, withFresh } from './fresh.ts';
import { type OtherMaking, otherMaking } from './lake-making.ts';
import type { Rows } from './warehouse.ts';

type Verdict = VerifyDocument['lake'];

/**
 * The files against their manifest, and their rows against what the archive gives at the seq that the manifest names.
 *
 * @param rows a generation that is known to be what the archive gives, which nobody else has; null if there is none
 */
export async function lakeVerdict(context: Context, rows: Rows | null): Promise<Verdict> {
  const { home } = context.config;
  const before = await publishedGeneration(home);
  const { manifest, replaced, seq, ...files } = await verifyLake(home);
  const { lake } = context.config;
  const behind = behindOf(seq, rows, lake !== null);
  if (rows === null || files.faults.length > 0) return { ...files, behind };
  const noted =
    manifest === null
      ? { faults: [], stale: [] }
      : await manifestVerdict(context, { manifest, replaced, files }, rows);
  const faults = [...noted.faults, ...(await replacedFaults(home, replaced, rows))];
  // A run that is active meanwhile replaces days while they are read.
  const after = await publishedGeneration(home);
  if (after?.file !== before?.file) return { ...files, faults: [], behind: rows.seq };
  const interrupted = replaced.map((path) => ({ file: `lake/${path}`, what: REPLACED }));
  const unfinished = [...files.unfinished, ...interrupted, ...noted.stale];
  return { ...files, unfinished, faults, behind };
}

const REPLACED = 'was replaced, and the manifest does not say so yet: the next sync completes it';

/** The seq that the lake is at, where that is not the warehouse's. One that is no longer written is not behind. */
function behindOf(seq: number | null, rows: Rows | null, isWritten: boolean): number | null {
  if (rows === null || !isWritten) return null;
  if (seq === null) return rows.seq > 0 ? 0 : null;
  return seq === rows.seq ? null : seq;
}

type Noted = {
  manifest: Manifest;
  replaced: readonly string[];
  files: Omit<LakeFiles, 'manifest' | 'replaced' | 'seq'>;
};

/** `stale`: why the lake need not be what this program would make of the archive. */
async function manifestVerdict(
  context: Context,
  lake: Noted,
  rows: Rows,
): Promise<{ faults: LakeFault[]; stale: LakeFault[] }> {
  const { ledger } = await Archive.openForReading(context.layout);
  const other = otherMaking(context, lake.manifest, ledger);
  const faults = await manifestFaults(context, { ...lake, other, ledger }, rows);
  const stale = other === null ? [] : [{ file: 'lake/manifest.json', what: other.what }];
  return { faults, stale };
}

async function manifestFaults(
  context: Context,
  lake: Noted & { other: OtherMaking | null; ledger: Archive['ledger'] },
  rows: Rows,
): Promise<LakeFault[]> {
  const { config, now } = context;
  const { manifest } = lake;
  const { state } = lake.ledger;
  if (manifest.seq > state.seq) {
    const what = `has rows up to seq ${manifest.seq}, but the ledger ends with ${state.seq}: its end was cut off`;
    return [{ file: 'lake/manifest.json', what }];
  }
  if (lake.other?.hasOurRows === false) return [];
  const from = config.lake === null ? null : firstDayKept(config.lake, now());
  const keeps = (table: string, span: string): boolean => isKept(table, span, from);
  const unfinished = lake.files.unfinished.map(({ file }) => file.replace(/^lake\//, ''));
  const ask = {
    except: new Set([...lake.replaced, ...unfinished]),
    isKept: config.lake === null ? null : keeps,
  };
  const writeIn = await makeScratch(config.home);
  const compared = (right: Right): Promise<LakeFault[]> =>
    compareManifest(config.home, manifest, right, { ...ask, writeIn });
  try {
    return await readingRows(context, manifest.seq, rows, { writeIn, compared });
  } finally {
    await rm(writeIn, { recursive: true, force: true });
  }
}

/** Compares with these rows, or with others where the lake is of another seq. */
async function readingRows(
  context: Context,
  seq: number,
  rows: Rows,
  ask: { writeIn: string; compared: (right: Right) => Promise<LakeFault[]> },
): Promise<LakeFault[]> {
  const { writeIn, compared } = ask;
  const { home } = context.config;
  if (seq === rows.seq) {
    return await reading(home, rows, compared, [writeIn]);
  }
  const work = async ({ path }: Fresh): Promise<LakeFault[]> => {
    const fresh = { path, seq, widest: rows.widest };
    return await reading(home, fresh, compared, [writeIn]);
  };
  // No table of the lake has a country.
  return await withFresh(context, seq, work, { countries: NO_COUNTRIES });
}

async function replacedFaults(
  home: string,
  replaced: readonly string[],
  rows: Rows,
): Promise<LakeFault[]> {
  if (replaced.length === 0) return [];
  return await reading(home, rows, (right) => compareFiles(home, replaced, right));
}

/** Most months of usual events are compared in this, or spilled in part; what is not is tried with more. */
const MEMORY_MB = 128;

async function reading<T>(
  home: string,
  { path, widest }: Rows,
  work: (right: Right) => Promise<T>,
  more: readonly string[] = [],
): Promise<T> {
  const resources = { spill: `${path}.compared` };
  const { connection, close } = await openDatabase(path, resources, { access_mode: 'READ_ONLY' });
  try {
    await confine(connection, { folders: [lakeFolder(home), ...more] });
    return await work({ connection, memoryMb: MEMORY_MB + memoryToRead(widest) });
  } finally {
    close();
  }
}
