import { line } from 'd3-shape';
import type { Millis } from '../../model.ts';
import { html, Html } from '../html.ts';
import { grouped } from '../numbers.ts';
import { axes, BOTTOM, HEIGHT, legend, type Period, type Series } from './frame.ts';

/** Series over time, each with a dash of its own. Points without a value are not joined over. */
export function lines(input: {
  /** For whoever does not see it. */
  label: string;
  period: Period;
  points: readonly Millis[];
  series: readonly Series[];
}): Html {
  const { label, period, points, series } = input;
  const known = series.flatMap(({ values }) => values.filter((value) => !Number.isNaN(value)));
  const { x, y, grid } = axes(period, Math.max(0, ...known));
  const path = line<number>()
    .defined((value) => !Number.isNaN(value))
    .x((_, i) => x(points[i] ?? 0))
    .y((value) => y(value))
    .digits(2);
  const paths = series.map(
    // Numbers of ours: longer than a value of somebody else's may be.
    ({ values }, key) =>
      html`<path d="${new Html(path(values) ?? '')}" class="line l${key + 1}" />`,
  );
  const peaks = series.map(({ name, values }) => {
    const peak = Math.max(0, ...values.filter((value) => !Number.isNaN(value)));
    return { name, note: `up to ${grouped(peak)}` };
  });
  return html`<figure class="chart">
    <svg width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
      ${grid}<svg
        width="100%"
        height="${HEIGHT}"
        viewBox="0 0 100 ${HEIGHT}"
        preserveAspectRatio="none"
      >
        ${paths}
      </svg>
      <line x1="0" x2="100%" y1="${BOTTOM}" y2="${BOTTOM}" class="base" />
    </svg>
    <figcaption>${legend(peaks, 'line')}</figcaption>
  </figure>`;
}
