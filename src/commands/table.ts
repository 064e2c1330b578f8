import { printable } from '../platform/printable.ts';
import { gridLine, naturalWidths } from './grid.ts';

const WIDEST = 60;

/** Columns for a terminal. Cells may hold vendor text: it is made harmless and cut to a readable width. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [header, ...rows].map((row) => row.map((cell) => printable(cell, WIDEST)));
  const widths = naturalWidths(shown);
  return shown.map((row) => gridLine(row, widths)).join('\n');
}
