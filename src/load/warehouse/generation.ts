import { rm } from 'node:fs/promises';
import type { BatchRef, Countries, StatedPeople, Transform } from '../../model.ts';
import type { Database } from '../database.ts';
import { filling, type Ledger } from './filling.ts';
import type { Notary } from '../../platform/notary.ts';
import { type Published, publishFile } from './published.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { copiedTo, leaveWorkplace } from './workplace.ts';

export type { Ledger } from './filling.ts';

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
  people: StatedPeople;
  countries: Countries;
  onMessage: (text: string) => void;
  /** What is published until this one is. */
  former: Published | null;
  /** Signs the note about it; null where nothing is signed. */
  notary: Notary | null;
};

/** What a generation of few rows takes, most of it for tables that are empty. */
const SMALL_BYTES = 4 * 1024 * 1024;

/** Puts a generation around an open database that has the schema. */
export function generationOn(database: Database, input: GenerationInput): Generation {
  const { home, folder, path, transform, people, baseSeq, startedEmptyBecause, former, notary } =
    input;
  const rows = filling(database.connection, {
    transform,
    people,
    countries: input.countries,
    onMessage: input.onMessage,
    baseSeq,
    isSmall: baseSeq === 0 || (former?.bytes ?? 0) <= SMALL_BYTES,
    widest: baseSeq === 0 ? 0 : (former?.widest ?? 0),
    // What an earlier run loaded into the published generation is no news in this one.
    countAfter: baseSeq === 0 ? 0 : (former?.seq ?? 0),
    spill: `${path}.spill`,
  });
  let open = true;
  let published = false;

  const close = (): void => {
    if (open) database.close();
    open = false;
  };

  const seal = async (ledger: Ledger): Promise<void> => {
    if (!open) return;
    await rows.complete(ledger);
    close();
  };

  return {
    baseSeq,
    startedEmptyBecause,
    path,
    seal,
    apply: (batches) => rows.apply(batches),
    async publish(ledger) {
      await seal(ledger);
      const isFresh = baseSeq === 0;
      const result = await publishFile(
        home,
        await copiedTo(folder, path),
        { former, isFresh, notary },
        {
          seq: ledger.seq,
          transform_version: transform.version,
          schema_version: SCHEMA_VERSION,
          people_version: people.version,
          countries_version: rows.countriesVersion,
          widest: rows.widest,
        },
      );
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
