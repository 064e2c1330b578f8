import { sqlNextTo } from '../../platform/sql-file.ts';
import { lines } from '../charts/lines.ts';
import { seriesOf } from '../charts/points.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { DAY } from '../../platform/time.ts';
import { stepOf } from '../scope.ts';
import { table } from '../table.ts';

const read = sqlNextTo(import.meta.url);

const USED = read('adoption');
const DAYS = read('adoption-days');
const VENDORS = read('adoption-vendors');

/** Who uses what is paid for. */
export const adoption: Section = {
  id: 'adoption',
  title: 'Adoption',
  async read({ scope, ask, make }) {
    await make(USED);
    const { points, series } = seriesOf(await ask(DAYS), Number.NaN);
    const each = stepOf(scope) === DAY ? 'each day' : 'each week';
    const chart =
      points.length < 2
        ? null
        : html`<h3>People with activity ${each}, by vendor</h3>
            ${lines({
              label: `People with activity, by vendor: ${series.map(({ name }) => name).join(', ')}`,
              period: scope,
              points,
              series,
            })}`;
    return html`${chart}${table({
        caption: 'People with activity in this period',
        columns: [
          { key: 'vendor', title: 'Vendor' },
          { key: 'persons', title: 'With an active account', kind: 'number' },
          { key: 'used', title: 'With activity', kind: 'number' },
          { key: 'percent', title: 'Share in %', kind: 'number' },
          { key: 'days', title: 'Days each, on average', kind: 'number' },
        ],
        rows: await ask(VENDORS),
        none: 'No list of accounts was read.',
      })}
      <p class="note">
        Counted from the vendors’ figures per user. A vendor that gives none shows no activity here,
        whatever was done; see what is not known.
      </p>`;
  },
};
