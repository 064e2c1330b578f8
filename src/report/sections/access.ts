import { sqlNextTo } from '../../platform/sql-file.ts';
import { html } from '../html.ts';
import type { Section } from '../section.ts';
import { table } from '../table.ts';

const read = sqlNextTo(import.meta.url);

const ADMINS = read('access');
const ROLES = read('access-roles');
const LEAVERS = read('access-leavers');
const CHANGES = read('access-changes');

/** Who may do what now. */
export const access: Section = {
  id: 'access',
  title: 'Who holds what',
  async read({ ask }) {
    const admins = await ask(ADMINS);
    return html`${table({
      caption: 'Administrators now, the latest first',
      columns: [
        { key: 'who', title: 'Who' },
        { key: 'email', title: 'Address' },
        { key: 'source', title: 'Source' },
        { key: 'since', title: 'Since, as far as it was read (UTC)', kind: 'instant' },
      ],
      rows: admins,
      query: 'select source, name, email, since from admins order by since desc',
      none: 'No list of administrators was read, or nobody of this report is one.',
    })}
    ${table({
      caption: 'Administrators that were made or are none any more, in this period',
      columns: [
        { key: 'at', title: 'When (UTC)', kind: 'instant' },
        { key: 'change', title: 'What', kind: 'word' },
        { key: 'role', title: 'Role' },
        { key: 'scope', title: 'Where', kind: 'word' },
        { key: 'holder', title: 'To whom' },
        { key: 'actor', title: 'By whom' },
        { key: 'source', title: 'Source' },
        { key: 'known_by', title: 'Known by' },
      ],
      rows: await ask(CHANGES),
      query: 'from grants where is_admin order by seq desc',
      none: 'None in this period.',
    })}
    ${table({
      caption: 'Gone from one vendor, still active at another',
      columns: [
        { key: 'person_id', title: 'Who' },
        { key: 'gone_from', title: 'Gone from' },
        { key: 'active_in', title: 'Active at' },
        { key: 'gone_seen_at', title: 'Seen (UTC)', kind: 'instant' },
      ],
      rows: await ask(LEAVERS),
      query: 'from leavers order by gone_seen_at desc',
      none: 'Nobody who is gone from one vendor is still active at another.',
    })}
    ${table({
      caption: 'Roles, and how many hold them',
      columns: [
        { key: 'source', title: 'Source' },
        { key: 'role', title: 'Role' },
        { key: 'scope_type', title: 'Where it holds' },
        { key: 'users', title: 'People', kind: 'number' },
        { key: 'service_users', title: 'Service users', kind: 'number' },
        { key: 'groups', title: 'Groups', kind: 'number' },
      ],
      rows: await ask(ROLES),
      query: 'from access_grants order by source, role',
      none: 'No list of roles was read.',
    })}`;
  },
};
