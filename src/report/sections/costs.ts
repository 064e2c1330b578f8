import { sqlNextTo } from '../../platform/sql-file.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { table } from '../table.ts';

const read = sqlNextTo(import.meta.url);

const COSTS = read('costs');
const PRODUCTS = read('costs-products');
const PEOPLE = read('costs-people');

/** What it costs, per product and per person. */
export const costs: Section = {
  id: 'costs',
  title: 'Cost per product and person',
  async read({ ask, make }) {
    await make(COSTS);
    return html`<p>
        A bill, a list price and credits say the same in different ways: amounts of another basis or
        unit are never added.
      </p>
      ${table({
        caption: 'Cost per product',
        columns: [
          { key: 'source', title: 'Source' },
          { key: 'product', title: 'Product' },
          { key: 'people', title: 'People', kind: 'number' },
          { key: 'amount', title: 'Amount', kind: 'amount' },
          { key: 'unit', title: 'Unit' },
          { key: 'basis', title: 'Basis' },
        ],
        rows: await ask(PRODUCTS),
        query:
          "select source, product, basis, unit, sum(amount) as amount from costs where measure = 'cost' group by all order by all",
        none: 'No vendor of this report says what this period cost.',
      })}
      ${table({
        caption: 'Cost per person and product, the largest of each basis and unit first',
        columns: [
          { key: 'who', title: 'Who' },
          { key: 'source', title: 'Source' },
          { key: 'product', title: 'Product' },
          { key: 'amount', title: 'Amount', kind: 'amount' },
          { key: 'unit', title: 'Unit' },
          { key: 'basis', title: 'Basis' },
        ],
        rows: await ask(PEOPLE),
        query:
          "select person_id, source, product, basis, unit, sum(amount) as amount from costs where measure = 'cost' group by all order by basis, unit, amount desc",
        none: 'No vendor of this report says what people cost in this period.',
      })}`;
  },
};
