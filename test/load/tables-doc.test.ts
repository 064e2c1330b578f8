import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQuery, type QuerySession } from '../../src/load/query/query.ts';
import { TestArchive } from './archive.ts';
import { addCompany, nov } from './company.ts';

/** `## name`, a table of columns, an example. */
const SECTIONS = readFileSync(new URL('../../docs/tables.md', import.meta.url), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    name: text.slice(0, text.indexOf('\n')),
    columns: [...text.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, column]) => column),
    ),
    examples: [...text.matchAll(/^```sql\n([\s\S]*?)^```/gm)].map(([, sql = '']) => sql),
    shape: /^Gives `([^`]+)`/m.exec(text)?.[1]?.split(', '),
  }));

let archive: TestArchive;
let session: QuerySession;
/** By table, in their order. To ask of one takes planning it. */
let present: Map<unknown, unknown[]>;

beforeAll(async () => {
  archive = await TestArchive.open();
  await addCompany(archive);
  const ledger = join(archive.home, 'archive', 'ledger.ndjson');
  const lines = [
    { seq: 1, at: nov(1), kind: 'batch', stream: 'users', new_records: 1, file_bytes: 9 },
    {
      seq: 2,
      at: nov(9),
      kind: 'run',
      job: 'sync',
      run_id: 'r',
      started_at: nov(9),
      finished_at: nov(9),
      outcome: 'complete',
      streams: [
        {
          source: 'acme',
          stream: 'audit-logs',
          outcome: 'complete',
          window: { from: nov(1), to: nov(3) },
          watermark: nov(3),
          cursor: { watermark: Date.parse(nov(3)), window: null, base: null },
        },
      ],
    },
  ];
  await writeFile(ledger, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const generation = await archive.begin({ fresh: true });
  await generation.apply(archive.batches);
  const { path } = await generation.publish({ files: [ledger], seq: archive.seq });
  session = await openQuery({ file: path });
  const { rows } = await answer(
    `select table_name, list(column_name order by column_index) from duckdb_columns()
     where schema_name = 'main' and database_name = current_database() group by 1`,
  );
  present = new Map(rows.map(([name, columns]) => [name, columns as unknown[]]));
});
afterAll(async () => {
  await session.close();
  await rm(archive.home, { recursive: true, force: true });
});

async function answer(sql: string): Promise<{ columns: string[]; rows: unknown[][] }> {
  const { columns, chunks } = await session.run(sql);
  const rows: unknown[][] = [];
  for await (const chunk of chunks) rows.push(...chunk);
  return { columns: columns.map(({ name }) => name), rows };
}

test('every table that a reader is to know is described', async () => {
  const { rows } = await answer('show tables');
  const names = rows.map(([name]) => String(name));
  expect(SECTIONS.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});

test.each(SECTIONS)('$name has the columns that are described', ({ name, columns }) => {
  expect(present.get(name)).toEqual(columns);
});

test.each(SECTIONS)('the example of $name works', async ({ name, examples, shape }) => {
  expect(examples).toHaveLength(1);
  for (const sql of examples) {
    const { columns, rows } = await answer(sql);
    expect(columns).toEqual(shape);
    expect(rows.length, name).toBeGreaterThan(0);
  }
});
