import { VendorError } from '../../errors.ts';
import { byWindow } from '../../extract/by-window.ts';
import type { SourceClient } from '../../extract/client.ts';
import { MAX_PAGES_PER_LIST } from '../../extract/limits.ts';
import { BarrenPages } from '../../extract/paging/barren-pages.ts';
import {
  type CursorPage,
  endlesslyEmpty,
  endless,
  isLastPage,
} from '../../extract/paging/cursor.ts';
import { floorSecond, SECOND } from '../../extract/paging/keyset.ts';
import type { Stream } from '../../extract/port.ts';
import { Keyer, type Row } from '../../extract/record.ts';
import { TimeFilter } from '../../extract/time-filter.ts';
import type { Millis, OpenWindow, Page, Quirk, Window } from '../../model.ts';
import { isCredible } from '../../platform/instant.ts';
import { DAY, iso } from '../../platform/time.ts';
import { ENTERPRISE, fetchPage, PAGE_SIZE, seconds } from './client.ts';
import { PERMISSION, type Session } from './session.ts';
import { slicesOf } from './slices.ts';

const PATH = `${ENTERPRISE}/audit-logs`;
const FIELDS = { id: ['audit_log_id', 'id'], time: ['created_at'] };

/** `time_before - time_after` may be 100 days at most; the bounds overlap by a second on either side. */
export const LOG_SLICE: Millis = 90 * DAY;

/** A slice of the window that is read. */
type Slice = Window & { of: Window };

export const auditLogs: Stream<Session> = {
  name: 'audit-logs',
  kind: 'log',
  brings: 'the audit log',
  endpoint: PATH,
  needs: PERMISSION.settings,
  required: true,
  unknowns: [
    { what: 'when an event happened', places: ['items.*.created_at'] },
    { what: 'the id of an event', places: FIELDS.id.map((name) => `items.*.${name}`) },
  ],
  maps: { event: 'audit-logs.sql' },
  open: ({ client, quirk }) => ({
    read: byWindow((window) => readLog(client, window, timeFilterOf(client), quirk)),
    async oldest(now) {
      // Without bounds the answer is the whole history.
      const { rows } = await fetchPage(client, PATH, { order: 'asc' }, null, FIELDS);
      const times = rows.flatMap(({ time }) =>
        time !== null && isCredible(time, now) ? [time] : [],
      );
      const isAscending = times.every((time, i) => time >= (times[i - 1] ?? time));
      // A full page of one time may be the newest as well as the oldest.
      const isOne = times.at(0) === times.at(-1) && rows.length >= PAGE_SIZE;
      return isAscending && !isOne ? (times[0] ?? null) : null;
    },
  }),
};

/**
 * Oldest first. Both bounds are always sent: with one of them missing the answer is the whole history. Whether they are
 * inclusive is not documented, so that a second more is asked for on either side.
 */
async function* readLog(
  client: SourceClient,
  window: OpenWindow,
  filter: TimeFilter,
  quirk: (quirk: Quirk) => void,
): AsyncGenerator<Page> {
  for (const slice of slicesOf(window, LOG_SLICE)) {
    yield* readSlice(client, { ...slice, of: window }, filter, quirk);
  }
}

function timeFilterOf(client: SourceClient): TimeFilter {
  return new TimeFilter(async ({ from, to }) => {
    const query = { order: 'asc', time_after: seconds(from), time_before: seconds(to) };
    return (await fetchPage(client, PATH, query, null, FIELDS)).rows;
  });
}

async function* readSlice(
  client: SourceClient,
  slice: Slice,
  filter: TimeFilter,
  quirk: (quirk: Quirk) => void,
): AsyncGenerator<Page> {
  let anchor = slice.from;
  for (;;) {
    const chain = yield* readChain(client, { ...slice, from: anchor }, filter, quirk);
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
  filter: TimeFilter,
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
  const barren = new BarrenPages();
  let after: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const page: CursorPage = await fetchPage(client, PATH, query, after, FIELDS);
    const { rows } = page;
    for (const { time } of rows) {
      // What is dated elsewhere says nothing about how far the list has come.
      if (time === null || time < slice.from || time >= slice.to) continue;
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
    const hasMore = !isLastPage(page, after) || (page.more === null && rows.length >= PAGE_SIZE);
    const asked = rows.filter((row) => !isOfMargin(row, slice.of));
    const records = (await filter.served(asked, slice.of.from)).map((row) => keyer.key(row));
    const end = isAscending && hasAscended && last !== null ? floorSecond(last) : null;
    const reached = end ?? slice.from;
    const place = hasMore ? Math.min(Math.max(reached, slice.from), slice.to) : slice.to;
    yield { note: page.note, records, place };
    if (!hasMore) return 'complete';
    if (page.cursor === null || used.has(page.cursor)) return end;
    if (barren.add(page)) throw endlesslyEmpty(PATH);
    if (pages >= MAX_PAGES_PER_LIST) throw endless(PATH);
    used.add(page.cursor);
    after = page.cursor;
  }
}

/** The seconds that are asked for on either side, since it is not known whether the bounds are inclusive. */
function isOfMargin({ time }: Row, { from, to }: Window): boolean {
  if (time === null) return false;
  return (time >= from - SECOND && time < from) || (time >= to && time < to + 2 * SECOND);
}

function stuck(at: Millis): VendorError {
  return new VendorError({
    fault: 'unstable',
    code: 'cursor-missing',
    url: PATH,
    status: 200,
    what: `there is more at ${iso(at)} than one page holds, and no cursor to go on with`,
    hint: 'the vendor’s paging is at fault; what was read is safe and the next run tries again',
  });
}
