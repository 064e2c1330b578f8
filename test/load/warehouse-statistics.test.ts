/** Right rows under forged statistics of a warehouse: who filters does not see them, and a comparison of rows alone finds nothing wrong. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { literal } from '../../src/load/database.ts';
import { misleadingColumns } from '../../src/load/differences/statistics.ts';
import type { Table } from '../../src/load/tables.ts';

const column = <T extends string>(type: T): { type: T; comment: null } => ({ type, comment: null });

const EVENTS: Table = {
  schema: 'main',
  name: 'events',
  kind: 'table',
  comment: '',
  key: ['seq'],
  time: null,
  columns: {
    seq: column('bigint'),
    action: column('varchar'),
    at: column('timestamptz'),
    value: column('double'),
    raw: column('json'),
    mails: column('varchar[]'),
  },
};

let folder: string;
let file: string;

async function inFile<T>(
  path: string,
  options: string,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`attach ${literal(path)} as warehouse ${options}`);
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Two row groups, of which rows were deleted and altered; texts that are longer than statistics, infinite times, numbers that are none. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auditlake's [warehouse] "));
  file = join(folder, 'right.duckdb');
  await inFile(file, '', async (connection) => {
    await connection.run(`
      create table warehouse.events as
      select i::bigint as seq,
        case i when 6 then chr(0) || '''; --' when 7 then 'zz_mallory' when 8 then repeat('ü', 100) else 'u' || (i % 5) end as action,
        if(i = 9, 'infinity'::timestamptz, '2026-03-01 10:00:00Z'::timestamptz + i * interval 1 second) as "at",
        case i when 3 then 'nan'::double when 5 then null else i / 3 end as value,
        if(i = 2, json_object('text', repeat('x', 5000)), json_object('i', i)) as raw, ['a@acme.test'] as mails
      from range(130000) t(i) order by i`);
    await connection.run('checkpoint warehouse');
    await connection.run('delete from warehouse.events where seq % 1000 = 10');
    await connection.run(`update warehouse.events set action = 'late' where seq = 125000`);
    await connection.run('checkpoint warehouse');
  });
});

afterAll(() => rm(folder, { recursive: true }));

const misleading = async (path: string): Promise<string[]> =>
  await inFile(path, '(read_only)', (connection) => misleadingColumns(connection, EVENTS));

const HEADERS = 3 * 4096;
const BLOCK = 256 * 1024;

/** A copy of the file in which statistics say something else, with the checksums of its blocks. */
async function forged(name: string, from: string, to: string): Promise<string> {
  const bytes = await readFile(file);
  const [was, is] = [Buffer.from(from, 'latin1'), Buffer.from(to, 'latin1')];
  let found = 0;
  for (let at = HEADERS; at + BLOCK <= bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    expect(block.readBigUInt64LE(0)).toBe(checksum(block.subarray(8)));
    for (let i = block.indexOf(was); i >= 0; i = block.indexOf(was, i + 1)) {
      is.copy(block, i);
      found += 1;
    }
    block.writeBigUInt64LE(checksum(block.subarray(8)), 0);
  }
  expect(found).toBeGreaterThan(0);
  const path = join(folder, `${name}.duckdb`);
  await writeFile(path, bytes);
  return path;
}

/** As DuckDB makes it of a block. */
function checksum(bytes: Buffer): bigint {
  let sum = 5381n;
  for (let i = 0; i < bytes.length; i += 8) {
    sum ^= BigInt.asUintN(64, bytes.readBigUInt64LE(i) * 0xbf58476d1ce4e5b9n);
  }
  return sum;
}

test('what DuckDB writes of its rows is true', async () => {
  expect(await misleading(file)).toEqual([]);
});

test('a greatest value that is none hides a row from whoever asks for it, and is found', async () => {
  const greatest = Buffer.from('üüüü').toString('latin1');
  const path = await forged('greatest', greatest, 'vvvvvvvv');
  const count = `select count(*) from warehouse.events where action = '${'ü'.repeat(100)}'`;
  const ask = async (of: string): Promise<unknown> =>
    await inFile(of, '(read_only)', async (connection) =>
      (await connection.runAndReadAll(count)).getRows().map(([n]) => Number(n)),
    );
  expect([await ask(file), await ask(path)]).toEqual([[1], [0]]);
  expect(await misleading(path)).toEqual(['action']);
});
