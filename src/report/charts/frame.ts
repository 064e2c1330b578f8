/** What the charts have in common: they are as wide as the page, so places along time are shares of the width in percent. */
import { scaleLinear, scaleUtc } from 'd3-scale';
import type { Millis } from '../../model.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import { html, type Html } from '../html.ts';
import { compact } from '../numbers.ts';

export type Period = { from: Millis; to: Millis };

/** Values over time: of each, one number per point. */
export type Series = { name: string; values: readonly number[] };

/** So many series can be told apart without colour. */
export const MOST_SERIES = 6;

export const HEIGHT = 190;
const TOP = 16;
export const BOTTOM = 166;

type Axes = { x: (at: Millis) => number; y: (value: number) => number; grid: Html };

/** @param highest the largest value that is drawn */
export function axes({ from, to }: Period, highest: number): Axes {
  const time = scaleUtc().domain([from, to]).range([0, 100]);
  const value = scaleLinear()
    .domain([0, Math.max(highest, 1)])
    .range([BOTTOM, TOP])
    .nice(3);
  const lines = value.ticks(3).map((tick) => {
    const y = round(value(tick));
    const mark =
      tick === 0 ? null : html`<text x="0" y="${y - 4}" class="tick">${compact(tick)}</text>`;
    return html`<line
        x1="0"
        x2="100%"
        y1="${y}"
        y2="${y}"
        class="${tick === 0 ? 'base' : 'grid'}"
      />${mark}`;
  });
  return {
    x: (at) => round(time(at)),
    y: (at) => round(value(at)),
    grid: html`${lines}${timeMarks({ from, to })}`,
  };
}

/** Where days or months begin, below a chart. */
function timeMarks({ from, to }: Period): Html[] {
  const time = scaleUtc().domain([from, to]).range([0, 100]);
  const isLong = to - from > 100 * DAY;
  return time
    .ticks(4)
    .filter((at) => time(at) < 94)
    .map((at) => {
      const text = isLong ? isoDay(at.getTime()).slice(0, 7) : isoDay(at.getTime()).slice(5);
      return html`<text x="${round(time(at))}%" y="${HEIGHT - 8}" class="tick">${text}</text>`;
    });
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What stands for what, with its sum. */
export function legend(entries: readonly { name: string; note: string }[], mark: string): Html {
  const items = entries.map(
    ({ name, note }, i) =>
      html`<li>
        <svg class="key" width="22" height="12" aria-hidden="true">
          ${
            mark === 'line'
              ? html`<line x1="0" x2="22" y1="6" y2="6" class="line l${i + 1}" />`
              : html`<rect width="22" height="12" class="s${i + 1}" />`
          }
        </svg>
        ${name} <b>${note}</b>
      </li>`,
  );
  return html`<ul class="legend">
    ${items}
  </ul>`;
}
