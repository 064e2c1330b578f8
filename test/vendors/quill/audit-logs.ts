import { byWindow } from '../../../src/extract/by-window.ts';
import { cursorPages } from '../../../src/extract/paging/cursor.ts';
import { pageToken } from '../../../src/extract/paging/page-token.ts';
import type { Redaction } from '../../../src/extract/redaction.ts';
import type { Stream } from '../../../src/extract/port.ts';
import { Keyer } from '../../../src/extract/record.ts';
import type { OpenWindow, Page } from '../../../src/model.ts';
import { rowsOf } from './client.ts';
import type { Session } from './session.ts';

const PATH = '/v1/audit';

/** What somebody wrote into a note is theirs; that it was changed is ours. */
export const NOTES: Redaction = {
  name: 'quill-notes-1',
  hides: 'the text of notes',
  texts: [
    { path: 'events.*.more.**', keep: ['name'], only: { field: 'kind', values: ['note.*'] } },
  ],
};

export const auditLogs: Stream<Session> = {
  name: 'audit-logs',
  kind: 'log',
  brings: 'what was done in the workspace',
  endpoint: PATH,
  needs: 'owner',
  required: true,
  maps: { event: 'events.sql' },
  open: (session) => ({ read: byWindow((window) => readLog(session, window)) }),
};

/** No order is promised: the window counts as read at its end. */
async function* readLog(
  { client, workspace }: Session,
  { place, to }: OpenWindow,
): AsyncGenerator<Page> {
  const keyer = new Keyer();
  const bounds = { since: new Date(place).toISOString(), until: new Date(to).toISOString() };
  const fetch = async (token: string | null) => {
    const query = { ...workspace, ...bounds, ...(token === null ? {} : { page: token }) };
    const ask = { path: PATH, query, redaction: NOTES };
    const { value, note } = await client.read(ask, (body) => rowsOf(body, 'events'));
    return { rows: value.records, note, ...pageToken(value.envelope, { token: 'next_page' }) };
  };
  for await (const { rows, note, isLast } of cursorPages(fetch, PATH)) {
    const inside = rows.filter(({ time }) => time === null || (time >= place && time < to));
    yield { note, records: inside.map((row) => keyer.key(row)), place: isLast ? to : null };
  }
}
