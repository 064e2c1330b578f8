/** The tables that the guide tells engines of are those of this version. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { homeFor, sandboxFor } from '../harness.ts';

const guide = readFileSync(new URL('../../docs/engines.md', import.meta.url), 'utf8');

/** DuckDB's types as each engine calls them. */
const TYPES: Record<string, Record<string, string>> = {
  clickhouse: {
    VARCHAR: 'Nullable(String)',
    JSON: 'Nullable(String)',
    BIGINT: 'Nullable(Int64)',
    BOOLEAN: 'Nullable(Bool)',
    'TIMESTAMP WITH TIME ZONE': "Nullable(DateTime64(6, \\'UTC\\'))",
    src: 'String',
    month: 'String',
  },
  spark: {
    VARCHAR: 'string',
    JSON: 'string',
    BIGINT: 'bigint',
    BOOLEAN: 'boolean',
    'TIMESTAMP WITH TIME ZONE': 'timestamp',
    src: 'string',
    month: 'string',
  },
  trino: {
    VARCHAR: 'varchar',
    JSON: 'varchar',
    BIGINT: 'bigint',
    BOOLEAN: 'boolean',
    'TIMESTAMP WITH TIME ZONE': 'timestamp',
    src: 'varchar',
    month: 'varchar',
  },
};

/** Name and type of each column of the one statement that makes a table or view. */
function declared(engine: string): string[] {
  const fence = new RegExp(`^\`\`\`${engine}\\n(create [\\s\\S]*?)^\`\`\`$`, 'im');
  const statement = fence.exec(guide)?.[1] ?? '';
  const types = [...new Set(Object.values(TYPES[engine] ?? {}))]
    .toSorted((a, b) => b.length - a.length)
    .map((type) => type.replaceAll(/[\\()]/g, '\\$&'));
  const column = new RegExp(`(\\w+) (${types.join('|')})(?=[,)']|$)`, 'gm');
  return [...statement.matchAll(column)].map(([, name = '', type = '']) => `${name} ${type}`);
}

test('every column of audit_events is declared with its type, those of the path at the end', async () => {
  const home = await homeFor(await sandboxFor({ events: 20, days: 1, users: 2, teams: 1 }));
  await home.sync();
  const columns = await home.query<{ column_name: string; column_type: string }>(
    'select column_name, column_type from (describe audit_events)',
  );
  for (const [engine, types] of Object.entries(TYPES)) {
    const expected = columns.map(
      ({ column_name: name, column_type: type }) => `${name} ${types[type]}`,
    );
    expect(declared(engine)).toEqual([
      ...expected,
      `src ${types['src']}`,
      `month ${types['month']}`,
    ]);
  }
});
