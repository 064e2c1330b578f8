import { sqlNextTo } from '../../platform/sql-file.ts';
import type { StatusDocument } from '../../documents/status.ts';
import { html } from '../html.ts';
import type { Row, Section } from '../section.ts';
import { table } from '../table.ts';

const read = sqlNextTo(import.meta.url);

const ANOMALIES = read('unknown');
const ACTIONS = read('unknown-actions');

/** Where the record says nothing, and why: a report that leaves this out says more than it knows. */
export const unknown: Section = {
  id: 'unknown',
  title: 'What is not known, and why',
  async read({ status, ask }) {
    return html`${table({
      caption: 'Streams that the vendor does not serve here',
      columns: [
        { key: 'stream', title: 'Stream' },
        { key: 'message', title: 'Why' },
        { key: 'hint', title: 'What helps' },
      ],
      rows: unavailable(status),
      none: 'Every stream that was asked for is served.',
    })}
    ${table({
      caption: 'Days that are missing',
      columns: [
        { key: 'stream', title: 'Stream' },
        { key: 'from', title: 'From' },
        { key: 'to', title: 'To' },
        { key: 'days', title: 'Days', kind: 'number' },
        { key: 'reason', title: 'Why' },
        { key: 'note', title: 'Note' },
      ],
      rows: gaps(status),
      none: 'No day is missing.',
    })}
    ${table({
      caption: 'Actions that are not in the vocabulary: archived, and judged by nobody yet',
      columns: [
        { key: 'vendor', title: 'Vendor' },
        { key: 'action', title: 'Action', kind: 'code' },
        { key: 'events', title: 'Events', kind: 'number' },
        { key: 'last_at', title: 'Last (UTC)', kind: 'instant' },
      ],
      rows: await ask(ACTIONS),
      query:
        "select vendor, action, count(*) from audit_events where category = 'other' group by all",
      none: 'Every action of this period is in the vocabulary.',
    })}
    ${table({
      caption: 'Anomalies in the data',
      columns: [
        { key: 'source', title: 'Source' },
        { key: 'stream', title: 'Stream' },
        { key: 'kind', title: 'Kind' },
        { key: 'times', title: 'Times', kind: 'number' },
        { key: 'last_at', title: 'Last (UTC)', kind: 'instant' },
        { key: 'example', title: 'For example' },
      ],
      rows: await ask(ANOMALIES),
      query: 'from anomalies order by seq desc',
      none: 'None was found in this period.',
    })}`;
  },
};

function unavailable({ streams }: StatusDocument): Row[] {
  return streams
    .filter(({ last_outcome }) => last_outcome === 'unavailable')
    .map(({ stream, last_error }) => ({
      stream,
      message: last_error?.message ?? null,
      hint: last_error?.hint ?? null,
    }));
}

function gaps({ coverage = [] }: StatusDocument): Row[] {
  return coverage
    .filter(({ state }) => state === 'gap' || state === 'unknown')
    .map(({ source, stream, from, to, days, reason, note }) => ({
      stream: `${source}/${stream}`,
      from,
      to,
      days,
      reason,
      note,
    }));
}
