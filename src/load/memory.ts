/**
 * What DuckDB may take. A limit keeps it small as long as the data is; it must never keep large data from being loaded or
 * written. So what is known of the data says where to begin, and work that runs out of memory is done again with twice as
 * much, up to what the machine has.
 */
import { isDiskError } from '../platform/disk-error.ts';
import { totalmem } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import { AuditlakeError, EXIT, messageOf } from '../errors.ts';
import type { BatchRef } from '../model.ts';

/** With less, a load of a million events runs out of memory. Resident memory is this plus some 350 MB. */
export const DEFAULT_MEMORY_MB = 128;

/** DuckDB works on so many rows at a time. */
export const VECTOR_ROWS = 2048;
/** Of a database that people query: their SQL goes through all rows. Estimates are for so many. */
export const THREADS = 2;
/** Texts that are in hand at a time take no more than this as long as records are of the usual size. */
const IN_DEFAULT = 4 * 2 ** 20;
/** Measured: on the way into the tables a text of 15 KB is there 6 times, one of 150 KB 12 times, one of 60 MB 20 times. */
const LOADING_COPIES = 16;
/** A vector for each thread, and each may reach into the next. */
const READING_COPIES = 2 * THREADS;

/** DuckDB's own default. What remains is for Node, for what DuckDB does not count, and for others. */
const SHARE_OF_MACHINE = 0.8;

/** What loading batches in one go begins with, in MB. */
export function memoryToLoad(batches: readonly Pick<BatchRef, 'size' | 'longestLine'>[]): number {
  const size = batches.reduce((sum, batch) => sum + batch.size, 0);
  const longest = Math.max(0, ...batches.map((batch) => batch.longestLine));
  return (
    DEFAULT_MEMORY_MB +
    beyondDefault(Math.min(size, THREADS * VECTOR_ROWS * longest), LOADING_COPIES)
  );
}

/**
 * What it takes to go through the tables, in MB, beyond what is needed for records of the usual size.
 *
 * @param widest bytes of a vector of records
 */
export function memoryToRead(widest: number): number {
  return beyondDefault(widest, READING_COPIES);
}

function beyondDefault(bytes: number, copies: number): number {
  return Math.ceil((Math.max(0, bytes - IN_DEFAULT) * copies) / 2 ** 20);
}

/**
 * Does something that may be done again from the start, with more and more memory as long as it runs out.
 *
 * @param startMb what it begins with
 * @throws AuditlakeError `memory` if the machine has not enough; else what the work throws
 */
export async function withMemory<T>(
  connection: DuckDBConnection,
  startMb: number,
  work: () => Promise<T>,
): Promise<T> {
  const limit = new Limit(connection, startMb);
  for (;;) {
    try {
      await limit.set();
      return await work();
    } catch (error) {
      limit.raise(error);
    }
  }
}

/** The same for what comes piece by piece. Called again, the work goes on after what it has yielded. */
export async function* withMemoryThroughout<T>(
  connection: DuckDBConnection,
  startMb: number,
  work: () => AsyncGenerator<T>,
): AsyncGenerator<T, void, undefined> {
  const limit = new Limit(connection, startMb);
  for (;;) {
    try {
      await limit.set();
      yield* work();
      return;
    } catch (error) {
      limit.raise(error);
    }
  }
}

/** What a connection's database has; setting it again takes longer than most statements. */
const limits = new WeakMap<DuckDBConnection, number>();

class Limit {
  readonly #connection: DuckDBConnection;
  #mb: number;

  constructor(connection: DuckDBConnection, startMb: number) {
    this.#connection = connection;
    this.#mb = startMb;
  }

  /** This, too, may run out: where DuckDB cannot give back enough to get below a lower limit. */
  async set(): Promise<void> {
    if (limits.get(this.#connection) === this.#mb) return;
    await this.#connection.run(`set memory_limit = '${this.#mb}MB'`);
    limits.set(this.#connection, this.#mb);
  }

  /** @throws the error, unless more memory may help */
  raise(error: unknown): void {
    // What is spilled to a full disk is reported as memory, and more of it would not help.
    if (!isOutOfMemory(error) || isDiskError(error)) throw error;
    const mostMb = machineMb();
    if (this.#mb >= mostMb) throw tooLittle(this.#mb, error);
    this.#mb = Math.min(2 * this.#mb, mostMb);
  }
}

/** Also where it is the cause of another failure, of which DuckDB says how much of the limit was in use. */
export function isOutOfMemory(error: unknown): boolean {
  return /\bOut of Memory\b|\([\d.]+ \w+\/[\d.]+ \w+ used\)/i.test(messageOf(error));
}

/** What the machine, or the container, lets one database take at most. */
function machineMb(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return Math.floor((bytes * SHARE_OF_MACHINE) / 2 ** 20);
}

function tooLittle(mb: number, cause: unknown): AuditlakeError {
  return new AuditlakeError(
    'memory',
    `DuckDB ran out of memory, of which this machine has ${mb} MB for it`,
    'give the machine or the container more memory and run it again; the archive has everything',
    EXIT.failed,
    cause,
  );
}
