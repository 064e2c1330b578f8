import { printable } from '../platform/printable.ts';
import { gridLine, naturalWidths, widthBefore, wrap } from './grid.ts';

const WIDEST = 60;
const WIDEST_LAST = 400;

/** A last column as narrow as this is left to the terminal. */
const NARROWEST = 20;

/**
 * Columns for a terminal. Cells may hold vendor text: it is made harmless and cut to a readable width.
 *
 * @param width of the terminal, where the text is for one: a last column that does not fit goes on below itself
 */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | null = null,
): string {
  const shown = [header, ...rows].map((row) =>
    row.map((cell, i) => printable(cell, i === header.length - 1 ? WIDEST_LAST : WIDEST)),
  );
  const widths = naturalWidths(shown);
  const room = Math.max(NARROWEST, (width ?? Infinity) - widthBefore(widths));
  return shown
    .flatMap((row) => {
      const [first = '', ...more] = wrap(row.at(-1) ?? '', room);
      const below = more.map((line) => [...row.slice(0, -1).map(() => ''), line]);
      return [[...row.slice(0, -1), first], ...below];
    })
    .map((row) => gridLine(row, widths))
    .join('\n');
}
