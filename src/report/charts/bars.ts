import { stack } from 'd3-shape';
import type { Millis } from '../../model.ts';
import { html, type Html } from '../html.ts';
import { grouped } from '../numbers.ts';
import { axes, BOTTOM, HEIGHT, legend, type Period, round, type Series } from './frame.ts';

/** Days or weeks as bars, each made of the series on top of each other. */
export function bars(input: {
  /** For whoever does not see it. */
  label: string;
  period: Period;
  /** Where each bar begins; they are equally long. */
  points: readonly Millis[];
  step: Millis;
  series: readonly Series[];
}): Html {
  const { label, period, points, step, series } = input;
  const totals = points.map((_, i) =>
    series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0),
  );
  const { x, y, grid } = axes(period, Math.max(0, ...totals));
  const layers = stack<number, number>()
    .keys(series.keys())
    .value((i, key) => series[key]?.values[i] ?? 0)([...points.keys()]);
  const rects = layers.flatMap((layer, key) =>
    layer.flatMap(([low, high], i) => {
      if (high === low) return [];
      const begin = Math.max(points[i] ?? 0, period.from);
      const end = Math.min((points[i] ?? 0) + step, period.to);
      // A seam between bars shows where a day ends.
      const width = round((x(end) - x(begin)) * 0.86);
      return [
        html`<rect
          x="${x(begin)}%"
          width="${width}%"
          y="${y(high)}"
          height="${round(y(low) - y(high))}"
          class="s${key + 1}"
        />`,
      ];
    }),
  );
  const sums = series.map(({ name, values }) => ({
    name,
    note: grouped(values.reduce((sum, value) => sum + value, 0)),
  }));
  return html`<figure class="chart">
    <svg width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
      ${grid}${rects}
      <line x1="0" x2="100%" y1="${BOTTOM}" y2="${BOTTOM}" class="base" />
    </svg>
    <figcaption>${legend(sums, 'area')}</figcaption>
  </figure>`;
}
