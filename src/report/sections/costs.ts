import { readFileSync } from 'node:fs';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { table } from '../table.ts';

const read = (name: string): string =>
  readFileSync(new URL(`${name}.sql`, import.meta.url), 'utf8');

const COSTS = read('costs');
const PRODUCTS = `${COSTS}${read('costs-products')}`;
const PEOPLE = `${COSTS}${read('costs-people')}`;

/** What it costs, per product and per person. */
export const costs: Section = {
  id: 'costs',
  title: 'Cost per product and person',
  async read({ ask }) {
    return html`<p>Units are kept apart: an ACU or a credit is no dollar.</p>
      ${table({
        caption: 'Cost per product',
        columns: [
          { key: 'source', title: 'Source' },
          { key: 'product', title: 'Product' },
          { key: 'people', title: 'People', kind: 'number' },
          { key: 'cost', title: 'Cost', kind: 'number' },
          { key: 'unit', title: 'Unit' },
        ],
        rows: await ask(PRODUCTS),
        query:
          'select source, product, unit, sum(cost) as cost from person_costs group by all order by all',
        none: 'No vendor of this report gives costs per person for this period.',
      })}
      ${table({
        caption: 'Cost per person and product, the largest of each unit first',
        columns: [
          { key: 'who', title: 'Who' },
          { key: 'source', title: 'Source' },
          { key: 'product', title: 'Product' },
          { key: 'cost', title: 'Cost', kind: 'number' },
          { key: 'unit', title: 'Unit' },
        ],
        rows: await ask(PEOPLE),
        query:
          'select email, source, product, unit, sum(cost) as cost from person_costs group by all order by unit, cost desc',
        none: 'No vendor of this report gives costs per person for this period.',
      })}`;
  },
};
