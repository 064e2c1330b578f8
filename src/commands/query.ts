import { extname, join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import type { Context } from '../runs/context.ts';
import { EXIT, type ExitCode, usageError } from '../errors.ts';
import { openQuery, type QuerySession } from '../load/query/query.ts';
import { table } from './table.ts';

export type QueryFormat = 'table' | 'json' | 'csv';

const FORMATS = { '.parquet': 'parquet', '.csv': 'csv', '.ndjson': 'ndjson' } as const;

/** A terminal is for reading: what does not fit a screen of this many rows goes to a file or a pipe. */
const TABLE_ROWS = 1000;

/** All but tab and line breaks, which CSV can carry: the rest steers a terminal. */
const CONTROL = /(?![\t\r\n])\p{Cc}/gu;

/** Read-only SQL over the warehouse. */
export async function queryCommand(
  context: Context,
  sql: string,
  options: { format: QueryFormat; to: string | undefined },
): Promise<ExitCode> {
  const { config, output } = context;
  const file = join(config.home, 'warehouse.duckdb');
  if (!existsSync(file)) {
    throw usageError(
      `there is no warehouse in ${config.home}`,
      'run `auditlake sync` first, or `auditlake rebuild` if there is an archive',
    );
  }
  const session = await openQuery({ file, onMessage: (text) => output.say(text) });
  try {
    if (options.to !== undefined) await writeFile(context, session, sql, options.to);
    else await print(context, session, sql, options.format);
    return EXIT.complete;
  } finally {
    await session.close();
  }
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
      `--to ${to}: the format is told by the ending`,
      `use one of ${Object.keys(FORMATS).join(', ')}`,
    );
  }
  const { rows } = await session.writeTo(sql, resolve(cwd, to), format);
  output.say(`${rows} rows written to ${to}`);
}

async function print(
  { output, signal }: Context,
  session: QuerySession,
  sql: string,
  format: QueryFormat,
): Promise<void> {
  const { columns, chunks } = await session.run(sql);
  const screen: string[][] = [];
  let isFirst = true;
  let more = false;
  if (format === 'csv') output.line(columns.map(csvCell).join(','));
  for await (const rows of chunks) {
    signal.throwIfAborted();
    for (const row of rows) {
      if (format === 'json') {
        const object = Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null]));
        output.line(`${isFirst ? '[' : ','}${JSON.stringify(object)}`);
        isFirst = false;
      } else if (format === 'csv') output.line(row.map(csvCell).join(','));
      else if (screen.length < TABLE_ROWS) screen.push(row.map(cellText));
      else more = true;
    }
    if (more) break;
  }
  if (format === 'json') output.line(isFirst ? '[]' : ']');
  if (format === 'table') {
    output.line(table(columns, screen));
    if (more) output.say(`only the first ${TABLE_ROWS} rows are shown; --to FILE.csv writes all`);
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * RFC 4180. A cell that a spreadsheet would run as a formula gets an apostrophe in front: event values come
 * from whoever could cause an event.
 */
function csvCell(value: unknown): string {
  const plain = cellText(value);
  const isFormula = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain);
  const shown = plain.replace(CONTROL, (char) => `\\u{${char.charCodeAt(0).toString(16)}}`);
  const safe = isFormula ? `'${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
