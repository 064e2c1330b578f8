import type { Report } from '../../platform/progress.ts';
import type { Database } from '../database.ts';
import { withMemory } from '../memory.ts';
import type { Readable } from '../warehouse/readable-file.ts';
import type { Calendar } from './calendar.ts';
import { isLarge, type Portion, portionsOf } from './portions.ts';
import type { Span } from './spans.ts';
import { type Staged, stagePortion } from './stage.ts';
import type { Compression } from './writer.ts';

export const ORDERED = { preserve_insertion_order: 'true' };
// Most months of usual events fit into the first, or are spilled in part; what does not is tried with more. A portion of small spans fits
// into the second.
export const ALONE_MB = 128;
const SHARED_MB = 96;
/** With fewer, opening the second database takes longer than it saves. */
const FILES_FOR_TWO = 8;
const ROWS_FOR_TWO = 40_000;

type Options = {
  folder: string;
  compression: Compression;
  calendar: Calendar;
  /** In MB, beyond what records of the usual size take. */
  memory: number;
  signal?: AbortSignal;
  onProgress?: Report;
};

/** Writes spans into a folder: one that fills the memory alone, others two at a time, since compression takes most of the time. */
export async function stageAll(
  readable: Readable,
  spans: readonly Span[],
  options: Options,
): Promise<Staged[]> {
  const { folder, compression, calendar, memory, signal, onProgress } = options;
  const staged: Staged[] = [];
  const stage = async (
    { connection }: Pick<Database, 'connection'>,
    portions: Portion[],
    base: number,
  ): Promise<void> => {
    // Makes the bytes of a file depend on its rows alone.
    await connection.run('set threads = 1');
    for (let portion = portions.shift(); portion !== undefined; portion = portions.shift()) {
      const how = { folder, compression, calendar, signal };
      const taken = portion;
      staged.push(
        ...(await withMemory(connection, base + memory, () =>
          stagePortion(connection, taken, how),
        )),
      );
      onProgress?.({ done: staged.length, of: spans.length, unit: 'files' });
    }
  };
  const portions = portionsOf(spans);
  await stage(readable, portions.filter(isLarge), ALONE_MB);
  const others = portions.filter((portion) => !isLarge(portion));
  const rows = spans.reduce((sum, span) => sum + span.rows, 0);
  const isMuch = others.length > 1 && (spans.length >= FILES_FOR_TWO || rows >= ROWS_FOR_TWO);
  const open = () => readable.another({ settings: ORDERED, allowed: { folders: [folder] } });
  await withSecond(isMuch ? open : null, async (second) => {
    const lanes = second === null ? [readable] : [readable, second];
    const ends = await Promise.allSettled(lanes.map((lane) => stage(lane, others, SHARED_MB)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  });
  return staged;
}

/** Opens a second database for as long as the work takes, if one is wanted. */
async function withSecond(
  open: (() => Promise<Database>) | null,
  work: (second: Database | null) => Promise<void>,
): Promise<void> {
  const second = open === null ? null : await open();
  try {
    await work(second);
  } finally {
    second?.close();
  }
}
