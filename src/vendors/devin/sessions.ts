import { VendorError } from '../../errors.ts';
import type { Millis, StreamReader } from '../../model.ts';
import type { SourceClient } from '../../extract/client.ts';
import { cursorPages } from '../../extract/paging/cursor.ts';
import { Keyer } from '../../extract/record.ts';
import { SECOND } from '../../extract/paging/keyset.ts';
import { DAY } from '../../extract/periods.ts';
import { ENTERPRISE, fetchPage, seconds } from './pages.ts';
import { slicesOf } from './slices.ts';

const PATH = `${ENTERPRISE}/sessions`;
const FIELDS = { id: ['session_id'], time: ['updated_at'] };
const SLICE: Millis = 90 * DAY;

/** Path parameters have it, answers may not. */
const PREFIX = /^devin-/;

/** Whether an organization that is in no list, having been deleted, was one of this enterprise. */
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

/**
 * `GET /v3/enterprise/sessions`: what was updated since. A session grows as long as it lives and may be taken up
 * again. Lists have no order, so that a slice counts as read at its end only; those of deleted organizations are asked
 * for, since they vanish from the history otherwise.
 */
export function sessions(client: SourceClient): StreamReader {
  return {
    stream: 'sessions',
    kind: 'changes',
    endpoint: PATH,
    since: null,
    needs: 'ViewAccountSessions',
    required: false,
    async *read(window) {
      if (window === null) throw new Error('sessions are read by window');
      for (const { from, to } of slicesOf(window, SLICE)) {
        const query = {
          updated_after: seconds(from - SECOND),
          updated_before: seconds(to + SECOND),
          include_deleted_orgs: 'true',
        };
        const keyer = new Keyer();
        const fetch = (after: string | null) => fetchPage(client, PATH, query, after, FIELDS);
        for await (const { rows, note, more, cursor } of cursorPages(fetch, PATH)) {
          const records = rows
            .filter(({ time }) => time === null || (time >= from && time < to))
            .map((row) => keyer.key(row))
            .map((record) => ({ ...record, key: record.key.replace(PREFIX, '') }));
          const isLast = more === false || (more === null && cursor === null);
          yield { note, records, place: isLast ? to : null };
        }
      }
    },
  };
}
