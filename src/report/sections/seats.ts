import { sqlNextTo } from '../../platform/sql-file.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { table } from '../table.ts';

const read = sqlNextTo(import.meta.url);

const SEATS = read('seats');
const UNUSED = read('seats-unused');

/** What is paid for and not used. */
export const seats: Section = {
  id: 'seats',
  title: 'Seats',
  async read({ ask }) {
    return html`${table({
      caption: 'Seats',
      columns: [
        { key: 'source', title: 'Source' },
        { key: 'seats', title: 'Licensed', kind: 'number' },
        { key: 'seats_cap', title: 'At most', kind: 'number' },
        { key: 'active_users', title: 'Active users', kind: 'number' },
        { key: 'percent', title: 'Used in %', kind: 'number' },
        { key: 'expires_at', title: 'Until (UTC)', kind: 'instant' },
      ],
      rows: await ask(SEATS),
      none: 'No vendor of this report says how many seats are licensed.',
    })}
    ${table({
      caption: 'Active accounts without activity in the last 30 days that were read',
      columns: [
        { key: 'who', title: 'Who' },
        { key: 'email', title: 'Address' },
        { key: 'team_name', title: 'Team' },
        { key: 'source', title: 'Source' },
        { key: 'last_active_day', title: 'Last active' },
        { key: 'read_to', title: 'Read up to (UTC)', kind: 'instant' },
      ],
      rows: await ask(UNUSED),
      query: 'from unused_accounts order by last_active_day nulls first',
      none: 'Every active account was used, or no vendor of this report gives figures per user.',
    })}`;
  },
};
