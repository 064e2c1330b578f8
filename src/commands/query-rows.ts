import type { QueryRow } from '../documents/query.ts';
import type { Answer } from '../load/query/query.ts';
import { rowsOf } from '../load/query/rows.ts';
import type { Context } from '../runs/context.ts';
import { table } from './table.ts';

/** A terminal is for reading: what does not fit a screen of this many rows goes to a file or a pipe. */
const TABLE_ROWS = 1000;

/** All but tab and line breaks, which CSV can carry: the rest steers a terminal. */
const CONTROL = /(?![\t\r\n])\p{Cc}/gu;

/** Prints the answer to a query; all but a table row by row, as rows come. */
export async function printRows(
  context: Context,
  answer: Answer,
  format: 'table' | 'json' | 'csv',
): Promise<void> {
  if (format === 'json') await printJson(context, answer);
  else if (format === 'csv') await printCsv(context, answer);
  else await printTable(context, answer);
}

async function printJson({ output, signal }: Context, answer: Answer): Promise<void> {
  let isFirst = true;
  for await (const row of rowsOf(answer, signal) satisfies AsyncIterable<QueryRow>) {
    if (output.isLost) return;
    output.line(`${isFirst ? '[' : ','}${JSON.stringify(row)}`);
    isFirst = false;
  }
  output.line(isFirst ? '[]' : ']');
}

async function printCsv({ output, signal }: Context, { columns, chunks }: Answer): Promise<void> {
  output.line(columns.map(csvCell).join(','));
  for await (const rows of chunks) {
    signal.throwIfAborted();
    if (output.isLost) return;
    for (const values of rows) output.line(values.map(csvCell).join(','));
  }
}

async function printTable({ output, signal }: Context, { columns, chunks }: Answer): Promise<void> {
  const shown: string[][] = [];
  let isCut = false;
  for await (const rows of chunks) {
    signal.throwIfAborted();
    const fitting = rows.slice(0, TABLE_ROWS - shown.length);
    shown.push(...fitting.map((values) => values.map(cellText)));
    isCut = fitting.length < rows.length;
    if (isCut) break;
  }
  output.line(table(columns, shown));
  if (isCut) output.say(`only the first ${TABLE_ROWS} rows are shown; --to FILE.csv writes all`);
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
