import { sqlNextTo } from '../../platform/sql-file.ts';
import type { StatusDocument } from '../../documents/status.ts';
import { bars } from '../charts/bars.ts';
import { seriesOf } from '../charts/points.ts';
import { html, type Html } from '../html.ts';
import { counted, grouped } from '../numbers.ts';
import type { Section } from '../section.ts';
import { stepOf } from '../scope.ts';

const read = sqlNextTo(import.meta.url);

const FIGURES = read('verdict');
const DAYS = read('verdict-days');

/** What a person must know first: whether the record is whole, and how much it has. */
export const verdict: Section = {
  id: 'verdict',
  title: 'Verdict',
  async read({ status, scope, ask }) {
    const [figures = {}] = await ask(FIGURES);
    const { points, series } = seriesOf(await ask(DAYS), 0);
    const number = (key: string): string => grouped(Number(figures[key]));
    return html`${banner(status)}
      <dl class="tiles">
        ${tile('Events', number('events'), `from ${counted(Number(figures['sources']), 'source')}`)}
        ${tile('People who acted', number('people'), `of ${number('persons')} who have accounts`)}
        ${tile('Active accounts', number('active'), 'at all vendors')}
        ${tile('Administrators', number('admins'), 'now, active')}
        ${tile('Days without a gap', share(status), 'of all that can be read by day')}
      </dl>
      <h3>Events, by vendor</h3>
      ${
        points.length === 0
          ? html`<p class="none">No event in this period.</p>`
          : bars({
              label: `Events over time, by vendor: ${series.map(({ name }) => name).join(', ')}`,
              period: scope,
              points,
              step: stepOf(scope),
              series,
            })
      }`;
  },
};

function tile(name: string, value: string, note: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd><b>${value}</b> <span>${note}</span></dd>
  </div>`;
}

/** The diagnosis of `auditlake status`, and its alarms. */
function banner({ diagnosis, alarms }: StatusDocument): Html {
  const { verdict: sentence, causes } = diagnosis;
  if (causes.length === 0 && alarms.length === 0) {
    return html`<div class="banner good">
      <p class="says">
        <span class="sign" aria-hidden="true">✓</span> The record is complete as far as it can be
        known.
      </p>
      <p>Every source that is configured was read to its end, and no alarm is open.</p>
    </div>`;
  }
  const says =
    causes.length === 0 ? `${counted(alarms.length, 'alarm')} about the record` : sentence;
  const reasons = causes.map(
    ({ subject, message, hint, streams }) =>
      html`<li>
        <b>${subject}</b>:
        ${message}${streams.length > 0 ? html` (${counted(streams.length, 'stream')})` : null}.
        <i>${hint}</i>
      </li>`,
  );
  const open = alarms.map(
    ({ kind, source, stream, what, hint }) =>
      html`<li><b>${source}/${stream}</b> ${kind}: ${what}. <i>${hint}</i></li>`,
  );
  return html`<div class="banner bad">
    <p class="says"><span class="sign" aria-hidden="true">!</span> ${says}</p>
    <ul>
      ${reasons}${open}
    </ul>
  </div>`;
}

function share({ coverage = [] }: StatusDocument): string {
  const known = coverage.filter(({ state }) => state !== 'unknown');
  const days = known.reduce((sum, range) => sum + range.days, 0);
  const gaps = known.filter(({ state }) => state === 'gap');
  if (days === 0) return '–';
  const whole = days - gaps.reduce((sum, range) => sum + range.days, 0);
  // 99.96 % is not everything.
  return `${(Math.floor((1000 * whole) / days) / 10).toString()} %`;
}
