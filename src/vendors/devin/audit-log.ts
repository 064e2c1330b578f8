import { VendorError } from '../../errors.ts';
import type { Millis, Page, Quirk, StreamReader } from '../../model.ts';
import type { SourceClient } from '../../extract/client.ts';
import type { CursorPage } from '../../extract/paging/cursor.ts';
import { Keyer, type Row } from '../../extract/record.ts';
import { floorSecond, SECOND } from '../../extract/paging/keyset.ts';
import { DAY } from '../../extract/periods.ts';
import { ENTERPRISE, FIRST, fetchPage, seconds, segment } from './pages.ts';
import { slicesOf } from './slices.ts';

const PATH = `${ENTERPRISE}/audit-logs`;
const FIELDS = { id: ['audit_log_id'], time: ['created_at'] };

/** `time_before - time_after` may be 100 days at most; the bounds overlap by a second on either side. */
const SLICE: Millis = 90 * DAY;

/** Nothing can have happened after `latest`, nor before there were such tools: such a time is none. */
type Slice = { from: Millis; to: Millis; latest: Millis };

const EARLIEST: Millis = Date.UTC(2000, 0);

/** A page without rows that promises more is believed so often. */
const EMPTY_PAGES = 3;

/**
 * `GET /v3/enterprise/audit-logs`, oldest first. Both bounds are always sent: with one of them missing the answer is
 * the whole history. Whether they are inclusive is not stated, so that a second more is asked for on either side.
 */
export function auditLog(client: SourceClient, quirk: (quirk: Quirk) => void): StreamReader {
  return {
    stream: 'audit-logs',
    kind: 'log',
    endpoint: PATH,
    since: null,
    needs: 'ManageEnterpriseSettings',
    required: true,
    async *read(window) {
      if (window === null) throw new Error('the audit log is read by window');
      const latest = window.to + DAY;
      for (const slice of slicesOf(window, SLICE)) {
        yield* readSlice(client, { ...slice, latest }, quirk);
      }
    },
    async oldest() {
      // Without bounds the answer is the whole history.
      const { rows } = await fetchPage(client, PATH, { order: 'asc' }, null, FIELDS);
      const times = rows.flatMap(({ time }) => (time === null || time < EARLIEST ? [] : [time]));
      const isAscending = times.every((time, i) => time >= (times[i - 1] ?? time));
      const isOne = times.at(0) === times.at(-1) && rows.length >= Number(FIRST);
      return isAscending && !isOne ? (times[0] ?? null) : null;
    },
  };
}

/** The log of one organization has answered empty where the enterprise's had its events: it serves to compare only. */
export async function compareOrganizationLog(
  client: SourceClient,
  now: Millis,
  listed: readonly string[],
  quirk: (quirk: Quirk) => void,
): Promise<void> {
  const query = { order: 'asc', time_after: seconds(now - SLICE), time_before: seconds(now) };
  const page = await fetchPage(client, PATH, query, null, { id: ['org_id'], time: [] });
  // Of a deleted one there are events, and no log of its own.
  const organization = page.rows.map(({ id }) => id ?? '').find((id) => listed.includes(id));
  if (organization === undefined) return;
  const path = `${ENTERPRISE}/organizations/${segment(organization)}/audit-logs`;
  const own = await fetchPage(client, path, query, null, FIELDS);
  if (own.rows.length > 0) return;
  quirk({
    code: 'organization-log-empty',
    what: `${path} has nothing, though the enterprise’s log has events of it: only the latter is read`,
  });
}

async function* readSlice(
  client: SourceClient,
  slice: Slice,
  quirk: (quirk: Quirk) => void,
): AsyncGenerator<Page> {
  let anchor = slice.from;
  for (;;) {
    const chain = yield* readChain(client, { ...slice, from: anchor }, quirk);
    if (chain === 'complete') return;
    // A page says that there is more and not how to get it: the log goes on from its last second.
    quirk({
      code: 'cursor-missing',
      what: `${PATH} says that there is more and gives no cursor: it is read on by time`,
    });
    if (chain === null || chain <= anchor) throw stuck(anchor);
    anchor = chain;
  }
}

/** Follows the cursor. Returns the second of the last row where the cursor is lost, null unless rows came in order. */
async function* readChain(
  client: SourceClient,
  slice: Slice,
  quirk: (quirk: Quirk) => void,
): AsyncGenerator<Page, 'complete' | Millis | null> {
  const query = {
    order: 'asc',
    time_after: seconds(slice.from - SECOND),
    time_before: seconds(slice.to + SECOND),
  };
  const keyer = new Keyer();
  const used = new Set<string>();
  let last: Millis | null = null;
  let isAscending = true;
  // Rows of one second may be the newest as well as the oldest: only a later one shows which way the list goes.
  let hasAscended = false;
  let empty = 0;
  for (let after: string | null = null; ;) {
    const page: CursorPage = await fetchPage(client, PATH, query, after, FIELDS);
    const rows = page.rows.map((row) => plausible(row, slice.latest));
    for (const { time } of rows) {
      if (time === null) continue;
      if (last !== null && time < last) isAscending = false;
      if (last !== null && time > last) hasAscended = true;
      last = time;
    }
    if (!isAscending) {
      quirk({
        code: 'order-ignored',
        what: `${PATH} ignores order=asc: its slices are read whole`,
      });
    }
    // Where it is not said, a cursor or a full page promises more.
    const promises = page.cursor !== null || rows.length >= Number(FIRST);
    const hasMore = page.more ?? (rows.length > 0 && promises);
    if (rows.length === 0) empty += 1;
    const records = rows.filter((row) => belongs(row, slice)).map((row) => keyer.key(row));
    const end = isAscending && hasAscended && last !== null ? floorSecond(last) : null;
    const reached = end ?? slice.from;
    const place = hasMore ? Math.min(Math.max(reached, slice.from), slice.to) : slice.to;
    yield { note: page.note, records, place };
    if (!hasMore) return 'complete';
    if (page.cursor === null || used.has(page.cursor) || empty > EMPTY_PAGES) return end;
    used.add(page.cursor);
    after = page.cursor;
  }
}

/** A time in an unforeseen unit, or a wrong one: the event is kept as one without a time. */
function plausible(row: Row, latest: Millis): Row {
  const { time } = row;
  return time !== null && (time < EARLIEST || time >= latest) ? { ...row, time: null } : row;
}

function belongs({ time }: Row, { from, to }: Slice): boolean {
  return time === null || (time >= from && time < to);
}

function stuck(at: Millis): VendorError {
  return new VendorError({
    fault: 'unstable',
    code: 'cursor-missing',
    url: PATH,
    status: 200,
    what: `there is more at ${new Date(at).toISOString()} than one page holds, and no cursor to go on with`,
    hint: 'the vendor’s paging is at fault; what was read is safe and the next run tries again',
  });
}
