/** The lake as its manifest and DuckDB have it: what the engines are compared with. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { DUCKDB } from './dialects.mjs';
import { fingerprintSql } from './fingerprint.mjs';

/** @returns the folder, and per table its columns, its files and the fingerprint of its rows */
export async function readLake(folder) {
  const lake = resolve(folder);
  const manifest = JSON.parse(await readFile(join(lake, 'manifest.json'), 'utf8'));
  const names = [...new Set(manifest.files.map(({ table }) => table))];
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = async (sql) => (await connection.runAndReadAll(sql)).getRowsJson();
  try {
    const tables = [];
    for (const name of names) {
      const files = manifest.files.filter(({ table }) => table === name);
      const from = `read_parquet('${join(lake, name)}/*/*/*.parquet', hive_partitioning = false)`;
      const columns = (await rows(`describe select * from ${from}`)).map(([column, type]) => ({
        name: column,
        type,
      }));
      const [fingerprint] = await rows(fingerprintSql(DUCKDB, columns, from));
      tables.push({ name, files, columns, fingerprint });
    }
    return { folder: lake, tables };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
