/** Brings rows into the database of a generation. */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { BatchRef, Countries, StatedPeople, Transform } from '../../model.ts';
import { firstRow, inTransaction } from '../database.ts';
import { DEFAULT_MEMORY_MB, memoryToRead, withMemory } from '../memory.ts';
import { applyBatches } from './apply-batches.ts';
import { resolveRepeats } from './apply-events.ts';
import { holdCountries } from './hold-countries.ts';
import { holdDirectory } from './hold-directory.ts';
import { loadLedger } from './ledger-table.ts';
import { Widest } from './widest.ts';

/** Loaded rows stay in memory, beyond DuckDB's own limit, until a checkpoint writes them to the file. */
const ROWS_PER_CHECKPOINT = 100_000;

/** With fewer, finding out how a column is best compressed takes most of a checkpoint, and the file gets no smaller. */
const ROWS_TO_COMPRESS = 2_000;

export type Ledger = { files: string[]; seq: number };

type Filling = {
  /** Bytes of a vector of records at most. */
  readonly widest: number;
  /** Of the country file whose countries the addresses have; known once it is complete. */
  readonly countriesVersion: string;
  /** Adds committed batches, and skips those that are in already. Call it in the order of the ledger. */
  apply(batches: readonly BatchRef[]): Promise<{ rows: number }>;
  /** Adds what the ledger says and what follows from all batches together, and makes the file whole. */
  complete(ledger: Ledger): Promise<void>;
};

type FillingOptions = {
  transform: Transform;
  people: StatedPeople;
  countries: Countries;
  /** Called with what keeps countries from being there. */
  onMessage: (text: string) => void;
  /** What is in already. */
  baseSeq: number;
  /** That is little more than nothing. */
  isSmall: boolean;
  widest: number;
  /** Rows of batches up to this seq are not counted. */
  countAfter: number;
  /** The folder that DuckDB spills into, which goes with the file. */
  spill: string;
};

/** @param connection to a database that has the schema */
export function filling(connection: DuckDBConnection, options: FillingOptions): Filling {
  const { transform, people, countries, baseSeq, isSmall, countAfter, spill, onMessage } = options;
  const means = { scratch: join(spill, 'copies'), countAfter };
  const widest = new Widest(options.widest);
  /** The events up to this seq are there once. */
  let resolvedSeq = baseSeq;
  let rowsInMemory = 0;
  let countriesVersion = '';

  const memory = (): number => DEFAULT_MEMORY_MB + memoryToRead(widest.bytes);

  /** Afterwards each event is there once. */
  const resolve = async (): Promise<void> => {
    const seq = await seqOf(connection);
    const after = BigInt(resolvedSeq);
    // A checkpoint that fails takes the file with it, so that only what comes before it can be tried with more memory.
    await withMemory(connection, memory(), async () => {
      if (seq > resolvedSeq)
        await inTransaction(connection, () => resolveRepeats(connection, after));
    });
    resolvedSeq = seq;
  };

  const checkpoint = async (): Promise<void> => {
    await resolve();
    const compression = isSmall && rowsInMemory < ROWS_TO_COMPRESS ? 'uncompressed' : 'auto';
    await connection.run(`set force_compression = '${compression}'`);
    await connection.run('checkpoint generation');
    rowsInMemory = 0;
  };

  return {
    get widest() {
      return widest.bytes;
    },
    get countriesVersion() {
      return countriesVersion;
    },
    async apply(batches) {
      const loaded = await seqOf(connection);
      const fresh = batches.filter((batch) => batch.seq > loaded);
      const rows = await applyBatches(connection, transform, fresh, means);
      for (const batch of fresh) widest.add(batch);
      rowsInMemory += rows;
      if (rowsInMemory >= ROWS_PER_CHECKPOINT) await checkpoint();
      return { rows };
    },
    async complete(ledger) {
      await withMemory(connection, memory(), async () => {
        await loadLedger(connection, ledger);
        await inTransaction(connection, async () => {
          await connection.run('update internal.meta set seq = $seq', { seq: BigInt(ledger.seq) });
          await holdDirectory(connection, baseSeq, people);
        });
      });
      await resolve();
      countriesVersion = await inTransaction(connection, () =>
        holdCountries(connection, baseSeq, { countries, onMessage }),
      );
      await checkpoint();
    },
  };
}

/** Everything up to it is loaded. */
async function seqOf(connection: DuckDBConnection): Promise<number> {
  const { seq } = await firstRow(connection, 'select seq from internal.meta');
  return Number(seq);
}
