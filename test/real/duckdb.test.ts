/** Other versions of DuckDB read the warehouse as the product's own does, attached under whatever name. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PUBLIC_TABLES } from '../../src/load/tables.ts';
import { readFrom } from '../warehouse-file.ts';
import { examples, fullHome, obtained, output } from './support.ts';

const PYTHON = obtained('AUDITLAKE_REAL_DUCKDB');

/** Says of the rows of each query how many there are, and which. */
const digestOf = (query: string): string =>
  `select count(*)::int as "rows", md5(string_agg(to_json(t)::varchar, chr(10) order by to_json(t)::varchar)) as digest from ${query} t`;

const SCRIPT = `
import json, sys
import duckdb
con = duckdb.connect()
con.execute("set timezone = 'UTC'")
con.execute(f"attach '{sys.argv[1]}' as w (read_only)")
views, macros = json.loads(sys.argv[2])
found = [con.sql(query).fetchall()[0] for query in views]
con.execute('use w')
found += [con.sql(query).fetchall()[0] for query in macros]
print(json.dumps(found))
`;

test('every table, view and macro answers the same, attached under another name', async () => {
  const home = await fullHome();
  const file = join(home.folder, 'warehouse.duckdb');
  const [someone] = await home.query<{ person_email: string }>(
    'select person_email from person_events group by all order by count(*) desc limit 1',
  );
  const tables = PUBLIC_TABLES.map(({ name }) => name);
  const macros = [
    `timeline('${someone?.person_email}')`,
    "coverage_as_of(timestamptz '2027-01-01 00:00:00Z', interval 26 hours)",
  ];
  const expected = [];
  for (const name of [...tables, ...macros]) {
    const [row] = (await readFrom(file, digestOf(name))).getRowObjectsJson();
    expected.push([row?.['rows'], row?.['digest']]);
  }
  const asked = [
    tables.map((name) => digestOf(`w.${name}`)),
    macros.flatMap((call) => [digestOf(call), digestOf(`w.${call}`)]),
  ];
  const found = JSON.parse(await output(PYTHON, ['-c', SCRIPT, file, JSON.stringify(asked)]));
  const twice = expected.slice(tables.length).flatMap((row) => [row, row]);
  expect(found).toEqual([...expected.slice(0, tables.length), ...twice]);

  const recipes = examples('other-clients.md', 'python');
  expect(recipes.length).toBeGreaterThan(0);
  for (const text of recipes) {
    const printed = await output(PYTHON, ['-c', text.replaceAll('auditlake-data', home.folder)]);
    expect(printed).not.toBe('');
  }
});
