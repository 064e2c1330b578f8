import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchRef, Transform } from '../../model.ts';
import { applyBatches } from './apply-batches.ts';
import { resolveRepeats } from './apply-events.ts';
import { type Database, firstRow, inTransaction } from '../database.ts';
import { DEFAULT_MEMORY_MB, memoryToRead, withMemory } from '../memory.ts';
import { loadLedger } from './ledger-table.ts';
import { type Published, publishFile } from './published.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { Widest } from './widest.ts';
import { broughtTo, leaveWorkplace } from './workplace.ts';

/** Loaded rows stay in memory, beyond DuckDB's own limit, until a checkpoint writes them to the file. */
const ROWS_PER_CHECKPOINT = 100_000;

export type Ledger = { files: string[]; seq: number };

/** A new state of the warehouse, private until it is published. */
export type Generation = {
  /** It started with everything up to this seq; 0 if it started empty. */
  readonly baseSeq: number;
  /** Why it started empty, as a sentence for the user; null if it started from the published generation. */
  readonly startedEmptyBecause: string | null;
  /** The file that is being built. */
  readonly path: string;
  /** Adds committed batches, and skips those that are in already. Call it in the order of the ledger. */
  apply(batches: BatchRef[]): Promise<{ rows: number }>;
  /** Completes and closes the file without publishing it, for a comparison. `finish` removes it. */
  seal(ledger: Ledger): Promise<void>;
  /** Completes the file and makes it the current one. */
  publish(ledger: Ledger): Promise<Published>;
  /** Discards the file. After `publish` it does nothing. */
  finish(): Promise<void>;
};

type GenerationInput = Pick<Generation, 'baseSeq' | 'startedEmptyBecause' | 'path'> & {
  home: string;
  /** Where the file belongs. */
  folder: string;
  transform: Transform;
  /** What is published until this one is. */
  former: Published | null;
};

/** Puts a generation around an open database that has the schema. */
export function generationOn(database: Database, input: GenerationInput): Generation {
  const { home, folder, path, transform, baseSeq, startedEmptyBecause, former } = input;
  const { connection } = database;
  let open = true;
  let rowsInMemory = 0;
  const widest = new Widest(baseSeq === 0 ? 0 : (former?.widest ?? 0));
  const means = {
    scratch: scratchOf(path),
    // What an earlier run loaded into the published generation is no news in this one.
    countAfter: startedEmptyBecause === null ? (former?.seq ?? 0) : 0,
  };
  let published = false;

  const close = (): void => {
    if (open) database.close();
    open = false;
  };

  const memory = (): number => DEFAULT_MEMORY_MB + memoryToRead(widest.bytes);

  /** The events up to this seq are there once. */
  let resolvedSeq = baseSeq;
  const resolve = async (): Promise<void> => {
    const seq = await seqOf(connection);
    if (seq === resolvedSeq) return;
    await withMemory(connection, memory(), () =>
      inTransaction(connection, () => resolveRepeats(connection, BigInt(resolvedSeq))),
    );
    resolvedSeq = seq;
  };

  const checkpoint = async (): Promise<void> => {
    // A checkpoint that fails takes the file with it, so that only what comes before it can be tried with more.
    await withMemory(connection, memory(), async () => undefined);
    await connection.run('checkpoint generation');
    rowsInMemory = 0;
  };

  const seal = async (ledger: Ledger): Promise<void> => {
    if (!open) return;
    await resolve();
    await withMemory(connection, memory(), () => complete(connection, ledger, baseSeq));
    await checkpoint();
    close();
  };

  return {
    baseSeq,
    startedEmptyBecause,
    path,
    seal,
    async apply(batches) {
      const loaded = await seqOf(connection);
      const fresh = batches.filter((batch) => batch.seq > loaded);
      const rows = await applyBatches(connection, transform, fresh, means);
      for (const batch of fresh) widest.add(batch);
      rowsInMemory += rows;
      if (rowsInMemory >= ROWS_PER_CHECKPOINT) {
        await resolve();
        await checkpoint();
      }
      return { rows };
    },
    async publish(ledger) {
      await seal(ledger);
      const result = await publishFile(home, await broughtTo(folder, path), former, {
        seq: ledger.seq,
        transform_version: transform.version,
        schema_version: SCHEMA_VERSION,
        widest: widest.bytes,
      });
      published = true;
      await leaveWorkplace(folder, path);
      return result;
    },
    async finish() {
      close();
      if (published) return;
      await leaveWorkplace(folder, path);
      await rm(path, { force: true });
      await rm(`${path}.spill`, { force: true, recursive: true });
    },
  };
}

/** Everything up to it is loaded. */
async function seqOf(connection: Database['connection']): Promise<number> {
  const { seq } = await firstRow(connection, 'select seq from internal.meta');
  return Number(seq);
}

/** Adds what the ledger says, and what follows from all batches together. */
async function complete(
  connection: Database['connection'],
  ledger: Ledger,
  baseSeq: number,
): Promise<void> {
  await loadLedger(connection, ledger);
  await inTransaction(connection, async () => {
    await connection.run('update internal.meta set seq = $seq', { seq: BigInt(ledger.seq) });
    await holdNames(connection, baseSeq);
  });
}

const HELD = ['names', 'memberships'];

/** Updates which name held when, if the directory has changed since the base generation. */
async function holdNames(connection: Database['connection'], baseSeq: number): Promise<void> {
  const { changed } = await firstRow(
    connection,
    'select exists (from internal.entity_versions where seq > $seq) as changed',
    { seq: BigInt(baseSeq) },
  );
  if (changed !== true) return;
  for (const what of HELD) {
    await connection.run(`delete from internal.${what}_over_time`);
    await connection.run(
      `insert into internal.${what}_over_time by name select * from internal.${what}_to_hold`,
    );
  }
}

/** Within the folder that DuckDB spills into, which goes with the file. */
function scratchOf(path: string): string {
  return join(`${path}.spill`, 'copies');
}
