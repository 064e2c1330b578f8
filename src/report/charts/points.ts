import type { Millis } from '../../model.ts';
import { type Row, textIn } from '../section.ts';
import { MOST_SERIES, type Series } from './frame.ts';

/**
 * Rows of a point in time (`at`), a name and a value as series over the same points. The largest ones have a series each, the rest
 * has one together.
 *
 * @param missing the value of a point of which there is no row
 */
export function seriesOf(
  rows: readonly Row[],
  missing: number,
): { points: Millis[]; series: Series[] } {
  const points = [...new Set(rows.map((row) => Date.parse(textIn(row, 'at'))))].toSorted(
    (a, b) => a - b,
  );
  const place = new Map(points.map((at, i) => [at, i]));
  const found = new Map<string, number[]>();
  for (const row of rows) {
    const name = textIn(row, 'name');
    const values = found.get(name) ?? points.map(() => missing);
    values[place.get(Date.parse(textIn(row, 'at'))) ?? 0] = Number(row['value']);
    found.set(name, values);
  }
  const series = [...found]
    .map(([name, values]) => ({ name, values }))
    .toSorted((a, b) => sum(b.values) - sum(a.values));
  if (series.length <= MOST_SERIES) return { points, series };
  const [largest, rest] = [series.slice(0, MOST_SERIES - 1), series.slice(MOST_SERIES - 1)];
  const others = points.map((_, i) => sum(rest.map(({ values }) => values[i] ?? 0)));
  return { points, series: [...largest, { name: `${rest.length} others`, values: others }] };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + (Number.isNaN(value) ? 0 : value), 0);
}
