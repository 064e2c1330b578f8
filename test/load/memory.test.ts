import { rm } from 'node:fs/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Database, firstRow, openDatabase } from '../../src/load/database.ts';
import {
  memoryToLoad,
  memoryToRead,
  VECTOR_ROWS,
  withMemory,
  withMemoryThroughout,
} from '../../src/load/memory.ts';
import { Widest } from '../../src/load/warehouse/widest.ts';

const MB = 2 ** 20;
const SPILL = '/nowhere/spill';

/** Needs more than 16 MB, and cannot spill. */
const LARGE = `select count(*)::double as rows from (select unnest(list(repeat('x', 1000))) from range(40000))`;

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(':memory:', { spill: SPILL });
  try {
    await work(database);
  } finally {
    database.close();
    await rm(SPILL, { recursive: true, force: true });
  }
}

test('work that runs out of memory is done again with more', () =>
  withDatabase(async ({ connection }) => {
    let tries = 0;
    const found = await withMemory(connection, 16, () => {
      tries += 1;
      return firstRow(connection, LARGE);
    });
    expect(found).toEqual({ rows: 40_000 });
    expect(tries).toBeGreaterThan(1);
  }));

test('what comes piece by piece goes on after what it has yielded', () =>
  withDatabase(async ({ connection }) => {
    const pieces: number[] = [];
    const work = async function* (): AsyncGenerator<number> {
      for (let piece = pieces.length; piece < 3; piece += 1) {
        yield piece;
        if (piece === 1) await connection.run(LARGE);
      }
    };
    for await (const piece of withMemoryThroughout(connection, 16, work)) pieces.push(piece);
    expect(pieces).toEqual([0, 1, 2]);
  }));

test.each([
  'Out of Memory Error: failed to allocate data of size 16.0 MiB (107.7 MiB/122.0 MiB used)',
  'IO Error: Checkpoint failed for database "g". Original error: failed to pin block of size 256.0 KiB (60.9 MiB/61.0 MiB used)',
])('a machine that has too little gets a word about it: %s', (message) =>
  withDatabase(async ({ connection }) => {
    const cause = new Error(message);
    await expect(withMemory(connection, 16, () => Promise.reject(cause))).rejects.toMatchObject({
      code: 'memory',
      cause,
    });
  }),
);

test('any other failure is passed on at once', () =>
  withDatabase(async ({ connection }) => {
    let tries = 0;
    const work = (): Promise<never> => {
      tries += 1;
      return Promise.reject(new Error('Binder Error: no such column'));
    };
    await expect(withMemory(connection, 64, work)).rejects.toThrow('Binder Error');
    expect(tries).toBe(1);
  }));

test.each([
  ['usual records', { size: 3 * MB, longestLine: 900 }, 128],
  ['one of 16 KB among them', { size: 3 * MB, longestLine: 16_000 }, 128],
  ['a page of 1,000 of 15 KB', { size: 15 * MB, longestLine: 15_200 }, 304],
  ['one of 12 MB', { size: 12 * MB, longestLine: 12 * MB }, 256],
])('loading begins with what the data suggests: %s', (_, batch, megabytes) => {
  expect(memoryToLoad([batch])).toBe(megabytes);
});

test('reading takes more only where the records are large', () => {
  expect([memoryToRead(3 * MB), memoryToRead(4 * MB), memoryToRead(20 * MB)]).toEqual([0, 0, 64]);
});

const BATCH = fc
  .array(fc.oneof(fc.constant(600), fc.integer({ min: 100, max: 5 * MB })), {
    minLength: 1,
    maxLength: 40,
  })
  .chain((widths) => fc.integer({ min: 1, max: 200 }).map((times) => ({ widths, times })))
  .map(({ widths, times }) => widths.flatMap((width) => Array<number>(times).fill(width)));

test('no vector of consecutive records takes more than twice of what was found', () => {
  fc.assert(
    fc.property(fc.array(BATCH, { minLength: 1, maxLength: 8 }), (batches) => {
      const widest = new Widest(0);
      for (const records of batches) {
        const size = records.reduce((sum, bytes) => sum + bytes, 0);
        widest.add({ records: records.length, size, longestLine: Math.max(...records) });
      }
      expect(Math.max(...vectors(batches.flat()))).toBeLessThanOrEqual(2 * widest.bytes);
    }),
    { numRuns: 50 },
  );
});

/** What each run of so many records takes. */
function vectors(records: readonly number[]): number[] {
  let bytes = 0;
  return records.map((record, i) => {
    bytes += record - (records[i - VECTOR_ROWS] ?? 0);
    return bytes;
  });
}
