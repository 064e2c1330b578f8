/**
 * Readers of other languages take a folder of the lake as it is, with the keys of the path as columns. They refuse it where a key is
 * a column of the files too: the one is a text there, the other a category.
 */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { shownPath } from '../../src/load/lake/paths.ts';
import { LAKE_TABLES } from '../../src/load/tables.ts';
import { fullHome } from '../real/support.ts';

test('no key of a path is a column', () => {
  for (const { name, columns } of LAKE_TABLES) {
    const keys = [...shownPath(name, 'acme', '2026-01-01').matchAll(/(\w+)=/g)].map(
      ([, key]) => key,
    );
    expect(keys).toEqual(['src', 'month']);
    const names = Object.keys(columns);
    expect(names).toContain('source');
    expect(keys.filter((key) => names.includes(`${key}`))).toEqual([]);
  }
});

const PYTHON = process.env['PYTHON'] ?? 'python3';
const hasPandas = spawnSync(PYTHON, ['-c', 'import pandas, pyarrow']).status === 0;

/** Says for each folder how many rows each reader finds, and whether the column is what the path says. */
const SCRIPT = `
import json, sys
import pandas
import pyarrow.dataset
import pyarrow.parquet
found = []
for folder in sys.argv[1:]:
    table = pandas.read_parquet(folder)
    found.append({
        'pandas': len(table),
        'read_table': pyarrow.parquet.read_table(folder).num_rows,
        'dataset': pyarrow.dataset.dataset(folder, partitioning='hive').count_rows(),
        'same': bool((table['source'].astype(str) == table['src'].astype(str)).all()),
    })
print(json.dumps(found))
`;

test.skipIf(!hasPandas)(
  'pandas and pyarrow read every table, also as the guide says (needs Python with both)',
  async () => {
    const home = await fullHome();
    const lake = join(home.folder, 'lake');
    const tables = LAKE_TABLES.map(({ name }) => name);
    const folders = tables.map((name) => join(lake, name));
    const { stdout } = await promisify(execFile)(PYTHON, ['-c', SCRIPT, ...folders]);
    const expected = [];
    for (const name of tables) {
      const [row] = await home.query<{ rows: number }>(`select count(*)::int as rows from ${name}`);
      const rows = row?.rows;
      expected.push({ pandas: rows, read_table: rows, dataset: rows, same: true });
    }
    expect(JSON.parse(stdout)).toEqual(expected);

    const guide = readFileSync(new URL('../../docs/lake.md', import.meta.url), 'utf8');
    const examples = [...guide.matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(
      ([, text = '']) => text,
    );
    expect(examples.length).toBeGreaterThan(0);
    for (const text of examples) {
      await promisify(execFile)(PYTHON, ['-c', text.replaceAll('auditlake-data', home.folder)]);
    }
  },
);
