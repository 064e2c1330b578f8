import type { SourceClient } from '../../extract/client.ts';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import { floorSecond, SECOND } from '../../extract/paging/keyset.ts';
import { linkTo } from '../../extract/paging/link.ts';
import { type FieldNames, Keyer, readRow, type Row } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { TimeFilter } from '../../extract/time-filter.ts';
import type { Millis, OpenWindow, Page, Quirk, Window } from '../../model.ts';
import { isCredible } from '../../platform/instant.ts';
import { DAY, isoSecond } from '../../platform/time.ts';
import { ask } from './client.ts';

/** A log that is asked by `phrase=created:…` and paged by the cursor in its links. */
export type Log = {
  client: SourceClient;
  path: string;
  /** Besides phrase, order and cursor. */
  query: Readonly<Record<string, string>>;
  perPage: number;
  /** Longer than the vendor keeps it. */
  keeps: Millis;
  fields: FieldNames;
  quirk: (quirk: Quirk) => void;
};

/** What is left unread of a slice in which the order is ignored is read again. */
const SLICE: Millis = 7 * DAY;

/**
 * Oldest first. Without `created` only three months are served, so that it is always sent; its bounds are whole seconds, and
 * as it is not known whether they belong to it, a second more is asked for on either side.
 */
export async function* readLog(log: Log, window: OpenWindow): AsyncGenerator<Page> {
  const filter = new TimeFilter(async (asked) => (await fetchPage(log, asked, null)).rows);
  for (const slice of slicesOf(window, log.keeps)) {
    let from: Millis | null = slice.from;
    while (from !== null) from = yield* readSlice(log, { ...slice, from }, window, filter);
  }
}

/** The time of the oldest event that is still served. */
export async function oldestOf(log: Log, now: Millis): Promise<Millis | null> {
  const { rows } = await fetchPage(log, { from: BEGINNING, to: now }, null);
  const times = rows.flatMap(({ time }) => (time !== null && isCredible(time, now) ? [time] : []));
  const isAscending = times.every((time, i) => time >= (times[i - 1] ?? time));
  // A full page of one time may be the newest as well as the oldest.
  const isOne = times.at(0) === times.at(-1) && rows.length >= log.perPage;
  return isAscending && !isOne ? (times[0] ?? null) : null;
}

/** GitHub is younger. */
const BEGINNING = Date.UTC(2008, 0);

/** The rest of a window, without what nobody has any more. Pure. */
export function slicesOf({ place, to }: OpenWindow, keeps: Millis): Window[] {
  const slices: Window[] = [];
  for (let from = Math.max(place, to - keeps); from < to; from += SLICE) {
    slices.push({ from, to: Math.min(to, from + SLICE) });
  }
  return slices;
}

/**
 * @returns null at the end of the slice; else where to go on by time, since a full page came without any link: whatever
 *   drops the header would cut the log after its first page
 */
async function* readSlice(
  log: Log,
  slice: Window,
  window: Window,
  filter: TimeFilter,
): AsyncGenerator<Page, Millis | null> {
  const keyer = new Keyer();
  const progress = new Progress(slice);
  for await (const page of cursorPages((after) => fetchPage(log, slice, after), log.path)) {
    const { rows, note, isLast } = page;
    progress.take(rows);
    if (!progress.isAscending) {
      const what = `${log.path} ignores order=asc: its slices are read whole`;
      log.quirk({ code: 'order-ignored', what });
    }
    const asked = rows.filter((row) => !isOfMargin(row, window));
    const records = (await filter.served(asked, window.from)).map((row) => keyer.key(row));
    const goesOn = isLast && !page.hasLinks && rows.length >= log.perPage ? progress.second : null;
    const isCut = goesOn !== null && goesOn > slice.from;
    yield { note, records, place: isLast && !isCut ? slice.to : progress.place };
    if (!isCut) continue;
    const what = `${log.path} serves a full page without links: it is read on by time`;
    log.quirk({ code: 'link-missing', what });
    return goesOn;
  }
  return null;
}

/** How far a list has come, as far as its order can be relied upon. */
class Progress {
  readonly #slice: Window;
  #last: Millis | null = null;
  /** Rows of one time may be the newest as well as the oldest: only a later one shows which way the list goes. */
  #hasAscended = false;
  isAscending = true;

  constructor(slice: Window) {
    this.#slice = slice;
  }

  take(rows: readonly Row[]): void {
    for (const { time } of rows) {
      // What is dated elsewhere says nothing about how far the list has come.
      if (time === null || time < this.#slice.from || time >= this.#slice.to) continue;
      if (this.#last !== null && time < this.#last) this.isAscending = false;
      if (this.#last !== null && time > this.#last) this.#hasAscended = true;
      this.#last = time;
    }
  }

  get second(): Millis | null {
    return this.isAscending && this.#last !== null ? floorSecond(this.#last) : null;
  }

  get place(): Millis {
    return this.#hasAscended && this.second !== null
      ? Math.max(this.second, this.#slice.from)
      : this.#slice.from;
  }
}

type LogPage = CursorPage & { hasLinks: boolean };

async function fetchPage(log: Log, slice: Window, after: string | null): Promise<LogPage> {
  const { client, path, fields } = log;
  const phrase = `created:${isoSecond(slice.from - SECOND)}..${isoSecond(slice.to + SECOND)}`;
  const own = { phrase, ...log.query, order: 'asc', per_page: String(log.perPage) };
  const query = after === null ? own : { ...own, after };
  const { value, note, headers } = await client.read(ask(path, query), (body) => ({
    records: sliceList(body, ['']).records.map((bytes) => readRow(bytes, fields)),
  }));
  const links = headers.get('link') ?? '';
  const next = linkTo(links, 'next');
  const cursor = next === null ? null : cursorOf(log, next, phrase);
  return { rows: value.records, note, cursor, more: null, hasLinks: links !== '' };
}

/**
 * The cursor in a link. Nothing else of it is used: GitHub's own example has its phrase mangled, and one that is followed
 * like that leads through the whole log.
 */
function cursorOf({ path, quirk }: Log, link: string, phrase: string): string | null {
  const { searchParams } = new URL(link, 'https://link.invalid');
  if (searchParams.get('phrase') !== phrase) {
    const what = `the links of ${path} do not repeat the question: only their cursor is used`;
    quirk({ code: 'link-mangled', what });
  }
  return searchParams.get('after') || null;
}

/** The seconds that are asked for on either side. */
function isOfMargin({ time }: Row, { from, to }: Window): boolean {
  if (time === null) return false;
  return (time >= from - SECOND && time < from) || (time >= to && time < to + 2 * SECOND);
}
