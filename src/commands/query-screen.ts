/** An answer on standard output. Only a terminal gets less than all of it, and is told so. */
import { cellText } from '../load/query/lines.ts';
import type { Answer } from '../load/query/query.ts';
import { rowsIn } from '../load/query/rows.ts';
import { printable } from '../platform/printable.ts';
import type { Context } from '../runs/context.ts';
import { fit, gridLine, naturalWidths } from './grid.ts';
import { csvLines, jsonDocument, type Line } from './query-lines.ts';

/** What fits no screen goes to a file or a pipe. Of a pipe's rows the first ones decide how wide columns are. */
const TABLE_ROWS = 1000;

export async function printRows(
  context: Context,
  answer: Answer,
  format: 'table' | 'vertical' | 'json' | 'csv',
): Promise<void> {
  if (format === 'json') await printLines(context, jsonDocument(answer, context.signal));
  else if (format === 'csv') await printLines(context, csvLines(answer, context.signal));
  else await printTable(context, answer, format === 'vertical');
}

/** Values may hold vendor text, which must not steer a terminal. A pipe gets it as it is. */
async function printLines({ output }: Context, lines: AsyncIterable<Line>): Promise<void> {
  const shown = output.width === null ? (text: string) => text : whole;
  for await (const { text } of lines) {
    if (output.isLost) return;
    await output.row(shown(text));
  }
}

async function printTable(context: Context, answer: Answer, vertical: boolean): Promise<void> {
  const { output, signal } = context;
  const columns = answer.columns.map(({ name }) => name);
  const rows = rowsIn(answer, signal);
  const first: string[][] = [];
  let more: string[] | null = null;
  for await (const values of rows) {
    const cells = values.map(cellText).map(whole);
    if (first.length < TABLE_ROWS) first.push(cells);
    else {
      more = cells;
      break;
    }
  }
  const natural = naturalWidths([columns, ...first]);
  const widths = output.width === null ? natural : fit(natural, output.width);
  const isVertical = vertical || widths === null;
  let number = 0;
  const show = async (cells: readonly string[]): Promise<void> => {
    number += 1;
    await output.row(isVertical ? record(columns, cells, number) : gridLine(cells, widths ?? []));
  };
  if (!isVertical) await output.row(gridLine(columns, widths ?? []));
  for (const cells of first) {
    if (output.isLost) return;
    await show(cells);
  }
  if (output.width === null) {
    if (more !== null) await show(more);
    for await (const values of rows) {
      if (output.isLost) return;
      await show(values.map(cellText).map(whole));
    }
    return;
  }
  await rows.return(undefined);
  const isCut = !isVertical && natural.some((width, i) => width > (widths?.[i] ?? 0));
  if (isCut) output.say('some values are cut to fit; --vertical or --csv shows them whole');
  if (more !== null) {
    output.say(`only the first ${TABLE_ROWS} rows are shown; a pipe or --to FILE.csv gets all`);
  }
}

function record(columns: readonly string[], cells: readonly string[], number: number): string {
  const [width = 0] = naturalWidths(columns.map((name) => [name]));
  const lines = columns.map((name, i) => `${name.padEnd(width)}  ${cells[i] ?? ''}`.trimEnd());
  return [`-- row ${number}`, ...lines].join('\n');
}

function whole(text: string): string {
  return printable(text, Infinity);
}
