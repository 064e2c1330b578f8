/** Readers of other languages find every row of every table of the lake, and the source that its path says. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LAKE_TABLES } from '../../src/load/tables.ts';
import { fullHome, output } from './support.ts';

/** For each reader how it counts the rows of a folder, and those whose column is what the path says. */
const COUNTS: Record<string, string> = {
  AUDITLAKE_REAL_POLARS: `
import polars as pl
def count(folder):
    rows = pl.scan_parquet(folder, hive_partitioning=True).select(pl.len(), (pl.col('source') == pl.col('src')).sum().alias('same')).collect()
    return list(map(int, rows.row(0)))`,
  AUDITLAKE_REAL_DATAFUSION: `
import pyarrow
from datafusion import SessionContext
def count(folder):
    context = SessionContext()
    context.register_parquet('rows', folder, table_partition_cols=[('src', pyarrow.string()), ('month', pyarrow.string())])
    batch, = context.sql('select count(*) as n, count(*) filter (where source = src) as same from rows').collect()
    return [batch['n'][0].as_py(), batch['same'][0].as_py()]`,
  AUDITLAKE_REAL_DELTA: `
from deltalake import DeltaTable, Field, Schema, convert_to_deltalake
from deltalake.schema import PrimitiveType
def count(folder):
    keys = Schema([Field(key, PrimitiveType('string')) for key in ('src', 'month')])
    convert_to_deltalake(folder, partition_by=keys, partition_strategy='hive')
    rows = DeltaTable(folder).to_pyarrow_table()
    return [rows.num_rows, sum(a == b for a, b in zip(rows['source'].to_pylist(), rows['src'].to_pylist()))]`,
};

const there = Object.entries(COUNTS).filter(([variable]) => process.env[variable] !== undefined);
if (there.length === 0) throw new Error('no reader is there: use npm run test:real');

test.each(there)('%s', async (variable, count) => {
  const home = await fullHome();
  const tables = LAKE_TABLES.map(({ name }) => name);
  const folders = tables.map((name) => join(home.folder, 'lake', name));
  const script = `import json, sys\n${count}\nprint(json.dumps([count(folder) for folder in sys.argv[1:]]))`;
  const found = await output(process.env[variable] ?? '', ['-c', script, ...folders]);
  const expected = [];
  for (const name of tables) {
    const [row] = await home.query<{ n: number }>(`select count(*)::int as n from ${name}`);
    expected.push([row?.n, row?.n]);
  }
  expect(JSON.parse(found)).toEqual(expected);
  expect(expected.flat()).not.toContain(0);
});
