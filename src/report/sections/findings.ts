import { sqlNextTo } from '../../platform/sql-file.ts';
import { html } from '../html.ts';
import { counted } from '../numbers.ts';
import { type Row, type Section, textIn } from '../section.ts';
import { table } from '../table.ts';

const read = sqlNextTo(import.meta.url);

const FOUND = read('findings');
const KINDS = read('findings-kinds');
const LIST = read('findings-list');

/** What the detections found, and what is to be done about it. */
export const findings: Section = {
  id: 'findings',
  title: 'Findings',
  async read({ ask, make, cite }) {
    await make(FOUND);
    const kinds = await ask(KINDS);
    const list = await ask(LIST);
    for (const row of list) {
      cite(textIn(row, 'finding'));
      for (const uid of eventsOf(row)) cite(uid);
    }
    return html`<p>
        What <code>auditlake detect</code> found in the record, with the events that show it. Open
        ones are here whenever they began.
      </p>
      ${table({
        caption: 'Kinds of findings',
        columns: [
          { key: 'severity', title: 'Severity', kind: 'severity' },
          { key: 'title', title: 'What' },
          { key: 'open', title: 'Open', kind: 'number' },
          { key: 'closed', title: 'Closed', kind: 'number' },
          { key: 'last_at', title: 'Last (UTC)', kind: 'instant' },
          { key: 'respond', title: 'What to do' },
        ],
        rows: kinds,
        none: 'Nothing was found, or `auditlake detect` has not run yet.',
      })}
      ${
        list.length === 0
          ? null
          : table({
              caption: 'Findings, open ones and the gravest first',
              columns: [
                { key: 'severity', title: 'Severity', kind: 'severity' },
                { key: 'title', title: 'What' },
                { key: 'subject', title: 'Who or what' },
                { key: 'source', title: 'Source' },
                { key: 'last_seen_at', title: 'Last (UTC)', kind: 'instant' },
                { key: 'ended', title: 'State' },
                { key: 'shown', title: 'Events', kind: 'code' },
              ],
              rows: list.map((row) => ({ ...row, ended: stateOf(row), shown: shownOf(row) })),
              query: 'from findings order by state desc, last_seen_at desc',
              none: '',
            })
      }`;
  },
};

function eventsOf({ events }: Row): string[] {
  return Array.isArray(events) ? events.filter((uid) => typeof uid === 'string') : [];
}

function shownOf(row: Row): string | null {
  const events = eventsOf(row);
  const more = Number(row['event_count']) - events.length;
  const texts = more > 0 ? [...events, `and ${counted(more, 'other')}`] : events;
  return texts.length === 0 ? null : texts.join(' ');
}

function stateOf(row: Row): string {
  const reason = textIn(row, 'reason');
  return reason === '' ? textIn(row, 'state') : `${textIn(row, 'state')}: ${reason}`;
}
