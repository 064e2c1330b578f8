/** A table with what is hard to get right, written as the lake writes: the true values stand here, not in a reader. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const NAME = 'edges';
const COLUMNS = [
  { name: 'n', type: 'BIGINT' },
  { name: 'source', type: 'VARCHAR' },
  { name: 'at', type: 'TIMESTAMP WITH TIME ZONE' },
  { name: 'flag', type: 'BOOLEAN' },
  { name: 'share', type: 'DOUBLE' },
  { name: 'details', type: 'VARCHAR' },
];
/** Not in the first files: a table that has grown. All files have a column `undeclared` that no reader was told of. */
const LATER = { name: 'later', type: 'VARCHAR' };

/** day, n, microseconds since 1970, flag, share, details, later */
const ROWS = [
  ['0001-01-01', '1', null, null, null, null, null],
  ['0001-01-01', '2', '-62154086399876544', '1', '-0.1', '', null], // in the year 0
  ['0001-01-01', '3', '316540656000123456', '0', '1e308', '{"n":12345678901234567890}', null], // in the year 12000
  ['1582-10-10', '4', '-12219724799876544', '1', '5e-324', '[]', null], // when calendars changed
  ['1969-12-31', '5', '-1', '0', '0', 'naïve – 東京 🚀 "quoted"\n', null],
  ['2026-03-29', '6', '1774745999999999', '1', '0.1', 'the last instant before summer time', null],
  ['2026-03-29', '7', '1774746000000001', '1', '0.30000000000000004', 'after it', null],
  ['2026-03-30', '9223372036854775807', '1774828800000000', '0', '1', 'x', 'here by now'],
];

export async function makeEdges(folder) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const day of new Set(ROWS.map(([at]) => at))) {
      const path = join(folder, NAME, 'src=acme', `month=${day.slice(0, 7)}`, `${day}.parquet`);
      await mkdir(dirname(path), { recursive: true });
      await connection.run(copySql(day, path));
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return {
    folder,
    name: NAME,
    columns: [...COLUMNS, LATER],
    rows: ROWS.map(([day, ...row]) => [day.slice(0, 7), ...row]),
  };
}

function copySql(day, path) {
  const rows = ROWS.filter(([at]) => at === day);
  const values = rows.map(([, ...row]) => `(${row.map(literal).join(', ')})`).join(', ');
  const later = rows.some((row) => row.at(-1) !== null) ? 'later, ' : '';
  return `copy (
      select ${later}n::bigint as n, 'acme' as source, make_timestamptz(us::bigint) as "at",
        flag::int::boolean as flag, share::double as share, details, 1 as undeclared
      from (values ${values}) as row_of(n, us, flag, share, details, later)
    ) to '${path}' (format parquet, parquet_version v1, compression zstd)`;
}

function literal(text) {
  return text === null ? 'null::varchar' : `'${text}'`;
}
