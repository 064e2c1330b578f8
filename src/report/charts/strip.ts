import { scaleUtc } from 'd3-scale';
import { DAY } from '../../platform/time.ts';
import { html, type Html } from '../html.ts';
import { type Period, round } from './frame.ts';

/** Consecutive UTC days in one state, both ends included. */
export type Span = {
  from: string;
  to: string;
  state: 'complete' | 'provisional' | 'gap' | 'unknown';
};

/** How high each state stands, so that they differ without colour. */
const SHAPE: Readonly<Record<Span['state'], { y: number; height: number }>> = {
  complete: { y: 1, height: 14 },
  provisional: { y: 6, height: 9 },
  gap: { y: 1, height: 14 },
  unknown: { y: 13, height: 2 },
};

/** The days of one stream as a strip: a calendar in one line. */
export function strip(period: Period, spans: readonly Span[], label: string): Html {
  const x = scaleUtc().domain([period.from, period.to]).range([0, 100]).clamp(true);
  const rects = spans.flatMap(({ from, to, state }) => {
    const [begin, end] = [x(Date.parse(from)), x(Date.parse(to) + DAY)];
    if (end <= begin) return [];
    const { y, height } = SHAPE[state];
    return [
      html`<rect
        x="${round(begin)}%"
        width="${round(end - begin)}%"
        y="${y}"
        height="${height}"
        class="d-${state}"
      />`,
    ];
  });
  return html`<svg class="strip" width="100%" height="16" role="img" aria-label="${label}">
    ${rects}
  </svg>`;
}
