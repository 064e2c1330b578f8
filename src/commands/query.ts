import { extname, resolve } from 'node:path';
import { EXIT, usageError } from '../errors.ts';
import type { QuerySession } from '../load/query/query.ts';
import type { Context } from '../runs/context.ts';
import { printRows } from './query-rows.ts';
import { NO_SECRETS, type Verb } from './verb.ts';

const FORMATS = { '.parquet': 'parquet', '.csv': 'csv', '.ndjson': 'ndjson' } as const;

export const query: Verb<{ csv?: boolean; to?: string }> = {
  usage: 'query <sql>',
  summary: 'read-only SQL over the warehouse',
  examples: () => [
    'auditlake query "select action, count(*) n from audit_events group by 1 order by 2 desc"',
    'auditlake query "select * from users" --to users.parquet',
  ],
  options: (command) =>
    command
      .option('--csv', 'print CSV')
      .option('--to <file>', 'write to FILE.parquet, FILE.csv or FILE.ndjson'),
  async run({ args: [sql = ''], options: { csv = false, to }, open }) {
    const context = open(NO_SECRETS);
    if (csv && context.json) throw usageError('--csv and --json exclude each other', 'name one');
    const { openWarehouse } = await import('../runs/query.ts');
    const session = await openWarehouse(context);
    try {
      if (to !== undefined) await writeFile(context, session, sql, to);
      else await printRows(context, await session.run(sql), formatOf(csv, context.json));
      return EXIT.complete;
    } finally {
      await session.close();
    }
  },
};

function formatOf(csv: boolean, json: boolean): 'csv' | 'json' | 'table' {
  if (csv) return 'csv';
  return json ? 'json' : 'table';
}

async function writeFile(
  { output, cwd }: Context,
  session: QuerySession,
  sql: string,
  to: string,
): Promise<void> {
  const format = FORMATS[extname(to) as keyof typeof FORMATS];
  if (format === undefined) {
    throw usageError(
      `--to ${to}: the extension says the format`,
      `use one of ${Object.keys(FORMATS).join(', ')}`,
    );
  }
  const { rows } = await session.writeTo(sql, resolve(cwd, to), format);
  output.say(`${rows} rows written to ${to}`);
}
