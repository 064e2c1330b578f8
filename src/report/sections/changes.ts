import { sqlNextTo } from '../../platform/sql-file.ts';
import { bars } from '../charts/bars.ts';
import { seriesOf } from '../charts/points.ts';
import { html } from '../html.ts';
import { type Section, textIn } from '../section.ts';
import { stepOf } from '../scope.ts';
import { table } from '../table.ts';

const read = sqlNextTo(import.meta.url);

const CHANGES = read('changes');
const DAYS = read('changes-days');
const LIST = read('changes-list');

/** What was done that an auditor asks about, whoever the vendor is. */
export const changes: Section = {
  id: 'changes',
  title: 'Risky changes',
  async read({ scope, ask, make, cite }) {
    await make(CHANGES);
    const { points, series } = seriesOf(await ask(DAYS), 0);
    const rows = await ask(LIST);
    // What two readings of a list differ in has no event.
    for (const row of rows) if (row['event_uid'] !== null) cite(textIn(row, 'event_uid'));
    if (points.length === 0) return html`<p class="none">None in this period.</p>`;
    return html`<p>
        Protections that were weakened, administrators that were made, data that was taken out,
        policies that were changed, keys that were created. A risky change is no offence: somebody
        has to know why it was made.
      </p>
      ${bars({
        label: `Risky changes over time: ${series.map(({ name }) => name).join(', ')}`,
        period: scope,
        points,
        step: stepOf(scope),
        series,
      })}
      ${table({
        caption: 'Risky changes, the gravest first',
        columns: [
          { key: 'severity', title: 'Weight', kind: 'severity' },
          { key: 'kind', title: 'What', kind: 'word' },
          { key: 'occurred_at', title: 'When (UTC)', kind: 'instant' },
          { key: 'who', title: 'Who' },
          { key: 'what', title: 'Action, role', kind: 'code' },
          { key: 'target', title: 'On, to' },
          { key: 'ip_address', title: 'From', kind: 'code' },
          { key: 'event_uid', title: 'Event', kind: 'code' },
        ],
        rows,
        query:
          "select occurred_at, source, actor_email, action, target_name, ip_address, event_uid from audit_events where category in ('access', 'configuration', 'credential', 'data_access', 'policy') order by occurred_at desc",
        none: 'None in this period.',
      })}`;
  },
};
