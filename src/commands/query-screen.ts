/** An answer on standard output. Only a terminal gets less than all of it, and is told so. */
import { cellText } from '../load/query/lines.ts';
import type { Answer } from '../load/query/query.ts';
import { rowsIn } from '../load/query/rows.ts';
import { printable } from '../platform/printable.ts';
import type { Context } from '../runs/context.ts';
import { cut, fit, gridLine, naturalWidths } from './grid.ts';
import { csvLines, jsonDocument } from './query-lines.ts';

/** What fits no screen goes to a file or a pipe. Of a pipe's rows the first ones decide how wide columns are. */
const TABLE_ROWS = 1000;

export async function printRows(
  context: Context,
  answer: Answer,
  format: 'table' | 'vertical' | 'json' | 'csv',
): Promise<{ isEmpty: boolean }> {
  if (format === 'json') await printLines(context, jsonDocument(answer, context.signal));
  else if (format === 'csv') await printLines(context, csvLines(answer, context.signal));
  else return { isEmpty: (await printTable(context, answer, format === 'vertical')) === 0 };
  // Whoever reads these looks for themselves.
  return { isEmpty: false };
}

/** Values may hold vendor text, which must not steer a terminal. A pipe gets it as it is. */
async function printLines({ output }: Context, lines: AsyncIterable<string>): Promise<void> {
  const shown = output.width === null ? (text: string) => text : whole;
  for await (const line of lines) {
    if (output.isLost) return;
    await output.row(shown(line));
  }
}

/** @returns how many rows were there at first */
async function printTable(context: Context, answer: Answer, vertical: boolean): Promise<number> {
  const { output, signal } = context;
  const columns = answer.columns.map(({ name }) => name);
  const rows = rowsIn(answer, signal);
  const first: string[][] = [];
  const next = async (): Promise<string[] | null> => {
    const { done, value } = await rows.next();
    return done === true ? null : value.map(cellText).map(whole);
  };
  let more = await next();
  for (; more !== null && first.length < TABLE_ROWS; more = await next()) first.push(more);
  const natural = naturalWidths([columns, ...first]);
  const widths = output.width === null ? natural : fit(natural, output.width);
  const isVertical = vertical || widths === null;
  const lineOf = (cells: readonly string[]): string =>
    gridLine(output.width === null ? cells : cut(cells, widths ?? []), widths ?? []);
  let number = 0;
  const show = async (cells: readonly string[]): Promise<void> => {
    number += 1;
    await output.row(isVertical ? record(columns, cells, number) : lineOf(cells));
  };
  if (!isVertical) await output.row(lineOf(columns));
  for (const cells of first) {
    if (output.isLost) return first.length;
    await show(cells);
  }
  if (output.width === null) {
    for (; more !== null && !output.isLost; more = await next()) await show(more);
  }
  await rows.return(undefined);
  if (output.width === null) return first.length;
  const isCut = !isVertical && natural.some((width, i) => width > (widths?.[i] ?? 0));
  if (isCut) output.say('some values are cut to fit; --vertical or --csv shows them whole');
  if (more !== null) {
    output.say(`only the first ${TABLE_ROWS} rows are shown; a pipe or --to FILE.csv gets all`);
  }
  return first.length;
}

function record(columns: readonly string[], cells: readonly string[], number: number): string {
  const [width = 0] = naturalWidths(columns.map((name) => [name]));
  const lines = columns.map((name, i) => `${name.padEnd(width)}  ${cells[i] ?? ''}`.trimEnd());
  return [`-- row ${number}`, ...lines].join('\n');
}

function whole(text: string): string {
  return printable(text, Infinity);
}
