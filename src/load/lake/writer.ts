/** How rows become a file. With the same writer and the same DuckDB, the same rows give the same bytes. */
import { createHash } from 'node:crypto';
import { version } from '../../platform/duckdb.ts';
import { LAKE_TABLES } from '../tables.ts';

export const COMPRESSIONS = ['zstd', 'snappy', 'gzip'] as const;

export type Compression = (typeof COMPRESSIONS)[number];

// What is compressed together is in memory together: a day of a million events passes in 256 MB with groups of
// this size, and not with 20,000 rows. Large rows get smaller groups. It is also what a reader skips by time.
const GROUP_ROWS = 10_240;
const GROUP_ROWS_WIDE = 2048;

/** Rows of more bytes are kept in smaller groups. */
export const WIDE = 2048;

/**
 * Measured with 20,000 events of 550 bytes: 100 bytes per event and 147 ms; 104 and 232 with the default of 3, 81 and 459 with 8.
 */
const ZSTD_LEVEL = 1;

/**
 * As options of COPY. V1 is what every reader knows. A forged bloom filter hides a row from whoever looks for it; DuckDB has none where
 * they would help, in columns of many different values.
 */
export function optionsOf(compression: Compression, isWide: boolean): string {
  return `format parquet, parquet_version v1, compression ${compression},
    row_group_size ${isWide ? GROUP_ROWS_WIDE : GROUP_ROWS}, write_bloom_filter false
    ${compression === 'zstd' ? `, compression_level ${ZSTD_LEVEL}` : ''}`;
}

let made: string | null = null;

/** Names DuckDB and how it is asked: files and digests of another maker may have other bytes for the same rows. */
export function writer(): string {
  made ??= `${version()} ${madeAs()}`;
  return made;
}

function madeAs(): string {
  const options = COMPRESSIONS.flatMap((one) => [optionsOf(one, false), optionsOf(one, true)]);
  const orders = LAKE_TABLES.map(({ name, order }) => [name, order]);
  const all = JSON.stringify([options, orders, WIDE, 'each file by itself']);
  return createHash('sha256').update(all).digest('hex').slice(0, 16);
}
