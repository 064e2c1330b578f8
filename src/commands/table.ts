import { printable } from '../platform/printable.ts';

const WIDEST = 60;

/** Columns for a terminal. Cells may hold vendor text: it is made harmless and cut to a readable width. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [header, ...rows].map((row) => row.map((cell) => printable(cell, WIDEST)));
  const widths = header.map((_, i) => Math.max(...shown.map((row) => row[i]?.length ?? 0)));
  return shown
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
