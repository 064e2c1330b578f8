import { type Span, strip } from '../charts/strip.ts';
import { html, type Html } from '../html.ts';
import { counted } from '../numbers.ts';
import type { Section } from '../section.ts';
import { grouped } from '../../platform/grouped.ts';
import { DAY, isoDay } from '../../platform/time.ts';
import type { Scope } from '../scope.ts';
import type { StatusDocument } from '../../documents/status.ts';

type Range = NonNullable<StatusDocument['coverage']>[number];

/** Of which days the record is whole, stream by stream. */
export const coverage: Section = {
  id: 'coverage',
  title: 'Coverage, day by day',
  async read({ status, scope }) {
    const ranges = status.coverage ?? [];
    if (ranges.length === 0) return html`<p class="none">No stream of this report has days.</p>`;
    const sources = grouped(ranges, ({ source }) => source);
    return html`<p>
        Each strip is a stream, from ${isoDay(scope.from)} to ${isoDay(scope.to - 1)}, UTC. What is
        only listed as it is now, such as users, has no days.
      </p>
      ${LEGEND} ${[...sources].map(([source, of]) => sourceBlock(source, of, scope))}`;
  },
};

const LEGEND = html`<ul class="legend">
  <li>
    <svg class="key" width="22" height="16" aria-hidden="true">
      <rect width="22" height="14" y="1" class="d-complete" />
    </svg>
    complete: read, and read again after the lookback
  </li>
  <li>
    <svg class="key" width="22" height="16" aria-hidden="true">
      <rect width="22" height="9" y="6" class="d-provisional" />
    </svg>
    provisional: still to be read, or to be read again
  </li>
  <li>
    <svg class="key" width="22" height="16" aria-hidden="true">
      <rect width="22" height="14" y="1" class="d-gap" />
    </svg>
    gap: missing
  </li>
  <li>
    <svg class="key" width="22" height="16" aria-hidden="true">
      <rect width="22" height="2" y="13" class="d-unknown" />
    </svg>
    unknown: before the first day that was read
  </li>
</ul>`;

function sourceBlock(source: string, ranges: readonly Range[], scope: Scope): Html {
  const streams = grouped(ranges, ({ stream }) => stream);
  const gaps = [...streams].filter(([, of]) => of.some(({ state }) => state === 'gap'));
  const rows = [...streams].map(([stream, of]) => streamRow(stream, of, scope));
  const whole =
    gaps.length === 0 ? 'no gap' : `gaps in ${gaps.map(([stream]) => stream).join(', ')}`;
  return html`<details class="source" ${gaps.length > 0 || streams.size <= FEW ? OPEN : null}>
    <summary>
      <b>${source}</b>
      <span>${counted(streams.size, 'stream')}, ${whole}</span
      >${strip(scope, worst([...streams.values()], scope), `${source}: ${whole}`)}
    </summary>
    <ul class="strips">
      ${rows}
    </ul>
  </details>`;
}

const OPEN = html` open`;
const FEW = 4;

function streamRow(stream: string, ranges: readonly Range[], scope: Scope): Html {
  const days = (state: Span['state']): number =>
    ranges.filter((range) => range.state === state).reduce((sum, range) => sum + range.days, 0);
  const counts = [
    `${days('complete')} complete`,
    `${days('provisional')} provisional`,
    ...(days('gap') > 0 ? [`${days('gap')} gap`] : []),
    ...(days('unknown') > 0 ? [`${days('unknown')} unknown`] : []),
  ].join(', ');
  return html`<li>
    <span class="stream">${stream}</span>${strip(scope, ranges, `${stream}: ${counts}`)}<span
      class="counts"
      >${counts}</span
    >
  </li>`;
}

const ORDER: readonly Span['state'][] = ['complete', 'unknown', 'provisional', 'gap'];

/** Of each day, the worst state that any of the streams has. */
function worst(streams: readonly (readonly Range[])[], { from, to }: Scope): Span[] {
  const length = Math.ceil((to - from) / DAY);
  const states = Array.from<number>({ length }).fill(-1);
  for (const range of streams.flat()) {
    const rank = ORDER.indexOf(range.state);
    const [first, last] = [range.from, range.to].map((day) => (Date.parse(day) - from) / DAY);
    for (let i = Math.max(0, Math.floor(first ?? 0)); i <= (last ?? -1) && i < length; i++) {
      if (rank > (states[i] ?? -1)) states[i] = rank;
    }
  }
  return spansOf(states, from);
}

function spansOf(states: readonly number[], from: number): Span[] {
  const spans: Span[] = [];
  for (const [i, rank] of states.entries()) {
    const state = ORDER[rank];
    if (state === undefined) continue;
    const day = isoDay(from + i * DAY);
    const last = spans.at(-1);
    if (last?.state === state && states[i - 1] === rank) last.to = day;
    else spans.push({ from: day, to: day, state });
  }
  return spans;
}
