/** Rows of cells as columns of text. Pure. */

const GAP = 2;

/** Less than this of a value says nothing. */
const NARROWEST = 6;

/** How wide each column is when nothing is cut, in characters. */
export function naturalWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, lengthOf(cell));
  }
  return widths;
}

/**
 * Widths that fit together into a line: the widest columns give way first. Null if they would have to become too narrow to
 * be read.
 */
export function fit(natural: readonly number[], width: number): number[] | null {
  const room = width - GAP * (natural.length - 1);
  const total = (longest: number): number =>
    natural.reduce((sum, one) => sum + Math.min(one, longest), 0);
  let longest = Math.max(0, ...natural);
  while (total(longest) > room && longest > NARROWEST) longest -= 1;
  if (total(longest) > room) return null;
  return natural.map((one) => Math.min(one, longest));
}

/** The cells below those of other lines. One that is wider than its column moves the rest of its line. */
export function gridLine(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - lengthOf(cell))))
    .join(' '.repeat(GAP))
    .trimEnd();
}

/** The cells cut to the widths of their columns, with a mark where something is missing. */
export function cut(cells: readonly string[], widths: readonly number[]): string[] {
  return cells.map((cell, i) => {
    const width = widths[i] ?? 0;
    if (lengthOf(cell) <= width) return cell;
    return `${Array.from(cell)
      .slice(0, Math.max(0, width - 1))
      .join('')}…`;
  });
}

/** Where the last column begins. */
export function widthBefore(widths: readonly number[]): number {
  return widths.slice(0, -1).reduce((sum, width) => sum + width + GAP, 0);
}

/** A text in lines of a width, broken between words where there is a blank. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = Array.from(text);
  while (rest.length > width) {
    const blank = rest.slice(0, width + 1).lastIndexOf(' ');
    const end = blank > 0 ? blank : width;
    lines.push(rest.slice(0, end).join(''));
    rest = rest.slice(blank > 0 ? end + 1 : end);
  }
  return [...lines, rest.join('')];
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
