import { VendorError } from '../../errors.ts';
import { byWindow } from '../../extract/by-window.ts';
import type { Query, SourceClient } from '../../extract/client.ts';
import { cursorPages } from '../../extract/paging/cursor.ts';
import { SECOND } from '../../extract/paging/keyset.ts';
import type { Stream } from '../../extract/port.ts';
import { Keyer } from '../../extract/record.ts';
import { TimeFilter } from '../../extract/time-filter.ts';
import type { Millis, OpenWindow, Page, Window } from '../../model.ts';
import { ENTERPRISE, fetchPage, seconds } from './client.ts';
import { PERMISSION, type Session } from './session.ts';
import { slicesOf } from './slices.ts';
import { DAY } from '../../platform/time.ts';

const PATH = `${ENTERPRISE}/sessions`;
const FIELDS = { id: ['session_id'], time: ['updated_at'] };
const SLICE: Millis = 90 * DAY;

/** Path parameters have it, answers may not. */
const PREFIX = /^devin-/;

/** A session grows as long as it lives and may be taken up again: what was updated since is listed. */
export const sessions: Stream<Session> = {
  name: 'sessions',
  kind: 'changes',
  brings: 'sessions with status, cost and pull requests',
  endpoint: PATH,
  needs: PERMISSION.sessions,
  maps: { session: 'sessions.sql' },
  open: ({ client }) => ({ read: byWindow((window) => readSessions(client, window)) }),
};

/**
 * The list has no order, so that a slice counts as read at its end only. Sessions of deleted organizations are asked
 * for, since they vanish from the history otherwise.
 */
async function* readSessions(client: SourceClient, window: OpenWindow): AsyncGenerator<Page> {
  const filter = new TimeFilter(
    async (asked) => (await fetchPage(client, PATH, between(asked), null, FIELDS)).rows,
  );
  for (const { from, to } of slicesOf(window, SLICE)) {
    const query = between({ from: from - SECOND, to: to + SECOND });
    const keyer = new Keyer();
    const fetch = (after: string | null) => fetchPage(client, PATH, query, after, FIELDS);
    for await (const page of cursorPages(fetch, PATH)) {
      const served = await filter.served(page.rows, window.from - SECOND);
      const records = served
        .map((row) => keyer.key(row))
        .map((record) => ({ ...record, key: record.key.replace(PREFIX, '') }));
      yield { note: page.note, records, place: page.isLast ? to : null };
    }
  }
}

function between({ from, to }: Window): Query {
  return {
    updated_after: seconds(from),
    updated_before: seconds(to),
    include_deleted_orgs: 'true',
  };
}

/** Whether an organization that is no longer listed, having been deleted, was one of this enterprise. */
export async function hadSessionsOf(client: SourceClient, organization: string): Promise<boolean> {
  const query = { org_ids: organization, include_deleted_orgs: 'true' };
  try {
    const { rows } = await fetchPage(client, PATH, query, null, { id: ['org_id'], time: [] });
    return rows.some(({ id }) => id === organization);
  } catch (error) {
    if (error instanceof VendorError && error.fault === 'forbidden') return false;
    throw error;
  }
}
