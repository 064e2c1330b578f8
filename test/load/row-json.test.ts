import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { rowJsonSql } from '../../src/load/deliver/row-json.ts';

test.each([
  [`null::timestamptz`, 'null'],
  [`'infinity'::timestamptz`, '"infinity"'],
  [`'0044-03-15 (BC) 12:00:00+00'::timestamptz`, '"-000043-03-15T12:00:00.000Z"'],
  [`'1969-12-31 23:59:59.999999+00'::timestamptz`, '"1969-12-31T23:59:59.999999Z"'],
  [`9223372036854775807`, '9223372036854775807'],
  [`'nan'::double`, 'null'],
  [`0.1::double`, '0.1'],
  [`1e300::double`, '1e+300'],
  [`'{"a": 1,\r\n "b": "x\\n"}'::json`, '{"a": 1,   "b": "x\\n"}'],
  [`'null'::json`, 'null'],
  [`'"\n' || chr(8232) || '\\'`, '"\\"\\n\u2028\\\\"'],
  [`['a', null]`, '["a",null]'],
])('the value %s', async (sql, expected) => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("set TimeZone = 'UTC'");
    await connection.run(`create table rows as select ${sql} as it`);
    const described = await connection.runAndReadAll('describe rows');
    const json = rowJsonSql([{ name: 'it', type: String(described.getRows()[0]?.[1]) }]);
    const made = await connection.runAndReadAll(`select ${json} from rows`);
    const text = String(made.getRows()[0]?.[0]);
    expect(text).toBe(`{"it":${expected}}`);
    expect(() => JSON.parse(text) as unknown).not.toThrow();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
