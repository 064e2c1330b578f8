/** Right rows under forged statistics: who filters does not see them, and a comparison of rows alone would find nothing wrong. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { literal } from '../../src/load/database.ts';
import { distrustingStatistics } from '../../src/load/distrusting-statistics.ts';
import { misleadingFiles } from '../../src/load/lake/statistics.ts';

const COLUMNS = [
  { name: 'action', type: 'VARCHAR' },
  { name: 'seq', type: 'BIGINT' },
  { name: 'at', type: 'TIMESTAMP WITH TIME ZONE' },
  { name: 'value', type: 'DOUBLE' },
  { name: 'raw', type: 'JSON' },
];

let folder: string;
let connection: DuckDBConnection;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auditlake's [lake] "));
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run("set TimeZone = 'UTC'");
  file = join(folder, 'right.parquet');
  // Two row groups; texts with what texts may have, and one that is too long for the statistics.
  await connection.run(
    `copy (
      select if(i % 2 = 0, 'user.login', 'ärger "x" \\\\' || chr(10)) as action, i::bigint as seq,
        if(i = 7, '-infinity'::timestamptz, '2026-03-01 10:00:00.123456+00'::timestamptz + i * interval 1 hour) as at,
        case i when 3 then 'nan'::double when 5 then null else i / 3 end as value, repeat('ü', 400) as raw
      from range(4096) t(i) order by i
    ) to ${literal(file)} (format parquet, parquet_version v1, compression zstd, row_group_size 2048, write_bloom_filter false)`,
  );
});

afterAll(() => rm(folder, { recursive: true }));

/** A copy whose footer says something else, with as many bytes. */
async function forged(from: string, to: string): Promise<string> {
  const bytes = await readFile(file);
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  const [was, is] = [Buffer.from(from, 'latin1'), Buffer.from(to, 'latin1')];
  expect(is.length).toBe(was.length);
  let found = 0;
  for (let at = bytes.indexOf(was, footer); at > 0; at = bytes.indexOf(was, at + 1)) {
    is.copy(bytes, at);
    found += 1;
  }
  expect(found).toBeGreaterThan(0);
  const path = join(folder, `forged-${to.length}.parquet`);
  await writeFile(path, bytes);
  return path;
}

const misleading = async (...files: string[]): Promise<string[]> => [
  ...(await distrustingStatistics(connection, () => misleadingFiles(connection, COLUMNS, files))),
];

test('statistics that are true are found to be so', async () => {
  const groups = `select distinct row_group_id from parquet_metadata(${literal(file.replaceAll('[', '[[]'))})`;
  expect((await connection.runAndReadAll(groups)).getRows()).toHaveLength(2);
  expect(await misleading(file)).toEqual([]);
});

test('a row that they leave out is found, which a filter does not find', async () => {
  const path = await forged('user.login', 'zser.login');
  const escaped = literal(path.replaceAll('[', '[[]'));
  const filtered = `select count(*)::int from read_parquet(${escaped}) where action = 'user.login'`;
  expect((await connection.runAndReadAll(filtered)).getRows()).toEqual([[0]]);
  expect(await misleading(file, path)).toEqual([path]);
});

test('a file with bloom filters is none of ours: nobody could say whether they are true', async () => {
  const path = join(folder, 'bloom.parquet');
  const [copied, to] = [literal(file.replaceAll('[', '[[]')), literal(path)];
  await connection.run(
    `copy (from read_parquet(${copied}) order by seq) to ${to} (format parquet, write_bloom_filter true)`,
  );
  expect(await misleading(file, path)).toEqual([path]);
});
