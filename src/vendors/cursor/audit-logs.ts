import { VendorError } from '../../errors.ts';
import { byWindow } from '../../extract/by-window.ts';
import type { CountedPage } from '../../extract/paging/counted-list.ts';
import { readCountedLog } from '../../extract/paging/counted-log.ts';
import { SECOND } from '../../extract/paging/keyset.ts';
import type { Reading, Stream } from '../../extract/port.ts';
import type { Row } from '../../extract/record.ts';
import { TimeFilter } from '../../extract/time-filter.ts';
import type { Millis, OpenWindow, Page, SourceRecord, Window } from '../../model.ts';
import { DAY } from '../../platform/time.ts';
import { parsePage } from './client.ts';
import { AUDIT_TEXTS } from './hidden.ts';
import { LEVELS, LONGEST } from './level.ts';
import { beginningOf, oldestWindow } from './oldest.ts';
import type { Session } from './session.ts';

/** No document says how long the log is kept. One collector found nothing older, so that the alarm goes by it until more is seen. */
const KEPT: Millis = 30 * DAY;

/** The documented maximum; the default is 100. */
const PAGE_SIZE = 500;

/** A window that is longer has a beginning that is looked for: each question covers thirty days, and most would be empty. */
const MAY_BE_EMPTY = 4 * LONGEST;

const FIELDS = { id: ['event_id'], time: ['timestamp'] };

export const auditLogs: Stream<Session> = {
  name: 'audit-logs',
  kind: 'log',
  brings: 'the audit log; of an organization the events of all its teams and those of none',
  endpoint: LEVELS.team.auditLogs,
  needs: 'a team key with `admin:*`, or an organization key with `auditlogs:read`',
  required: true,
  keeps: KEPT,
  reads: Object.values(LEVELS).map(({ auditLogs: path }) => ({ method: 'GET', path })),
  maps: { event: 'audit-logs.sql' },
  open: openLog,
};

function openLog(session: Session): Reading {
  const log = new AuditLog(session);
  const has = (window: Window): Promise<boolean> => log.has(window);
  return {
    read: byWindow((window) => log.read(window)),
    // Whether the bounds are inclusive is not said: what happened in the last millisecond is counted either way.
    count: async ({ from, to }) => (await log.ask({ from, to: to - 1 }, 1, 1)).total,
    async oldest(now) {
      const window = await oldestWindow(has, now);
      return window === null ? null : await log.oldestIn(window);
    },
  };
}

/**
 * Whether the bounds of a question are inclusive is not said, nor reliably in what order events come. So a slice is asked for
 * with a millisecond to spare, read as a whole, and what happened at its edges comes with the next one.
 */
class AuditLog {
  readonly #session: Session;
  readonly #path: string;
  readonly #timeFilter: TimeFilter;

  constructor(session: Session) {
    this.#session = session;
    this.#path = session.level.auditLogs;
    this.#timeFilter = new TimeFilter(async (window) => (await this.ask(window, 1, 1)).rows);
  }

  async *read(window: OpenWindow): AsyncGenerator<Page> {
    const { place, to } = window;
    const isLong = to - place > MAY_BE_EMPTY;
    const from = isLong ? await beginningOf((each) => this.has(each), { from: place, to }) : place;
    const log = {
      fetch: (slice: Window, page: number) => this.#fetch(slice, page),
      belongs: ({ time }: SourceRecord, slice: Window) =>
        time !== slice.from - 1 && time !== slice.to,
      // With the millisecond to spare it must not be longer than what is allowed.
      longest: LONGEST - SECOND,
      subject: this.#path,
    };
    // Without any event there is one question left, whose answer is archived.
    const start = Math.max(place, Math.min(from, to - LONGEST + SECOND));
    yield* readCountedLog(log, { ...window, place: start });
  }

  /** Whether anything happened in a window of at most thirty days, as far as the log goes. */
  async has(window: Window): Promise<boolean> {
    try {
      const { rows } = await this.ask(window, 1, 1);
      return rows.length > 0 && !this.#isClamped(rows, window);
    } catch (error) {
      const isRefused = error instanceof VendorError && error.fault === 'rejected';
      if (!isRefused || window.to > this.#session.now() - LONGEST) throw error;
      this.#quirk('start-refused', 'refuses questions about a time that it no longer has');
      return false;
    }
  }

  /** The time of the first or the last event of a window, whichever is older: the order has changed once. */
  async oldestIn(window: Window): Promise<Millis | null> {
    const first = await this.ask(window, 1, 1);
    const last = first.total === null ? first : await this.ask(window, first.total, 1);
    const times = [...first.rows, ...last.rows].flatMap(({ time }) => time ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  async ask({ from, to }: Window, page: number, pageSize = PAGE_SIZE): Promise<CountedPage> {
    const { read } = this.#session;
    const query = {
      startTime: new Date(from).toISOString(),
      endTime: new Date(to).toISOString(),
      page: String(page),
      pageSize: String(pageSize),
    };
    // No filter by type: the list of types that are documented is shorter than that of those which occur.
    const { value, note } = await read(
      { path: this.#path, query, redaction: AUDIT_TEXTS },
      (body) => parsePage(body, ['events'], FIELDS),
    );
    return { rows: value.records, note, total: value.total, more: value.more };
  }

  async #fetch(slice: Window, number: number): Promise<CountedPage> {
    const page = await this.ask({ from: slice.from - 1, to: slice.to }, number);
    const { rows, note } = page;
    if (isDescending(rows)) this.#quirk('newest-first', 'serves its newest events first');
    if (this.#isClamped(rows, slice)) return { rows: [], note, total: 0, more: false };
    const isOlder =
      rows.length > 0 && rows.every(({ time }) => time !== null && time < slice.from - 1);
    if (isOlder && (await this.#timeFilter.isIgnored())) throw this.#timeFilterIgnored();
    if (rows.some(({ time }) => time !== null && (time < slice.from - 1 || time > slice.to))) {
      this.#quirk('dated-outside', 'serves events that are dated outside of what it is asked for');
    }
    return page;
  }

  /** A question about a time that is no longer kept may be answered with what happened later, which is asked for later. */
  #isClamped(rows: readonly Row[], { to }: Window): boolean {
    const isLater = rows.length > 0 && rows.every(({ time }) => time !== null && time > to);
    if (isLater) {
      this.#quirk(
        'start-clamped',
        'answers questions about a time that it no longer has with later events',
      );
    }
    return isLater;
  }

  #quirk(code: string, what: string): void {
    this.#session.quirk({ code, what: `the audit log ${what}` });
  }

  #timeFilterIgnored(): VendorError {
    return new VendorError({
      fault: 'unstable',
      code: 'time-filter-ignored',
      url: this.#path,
      status: 200,
      what: 'the log serves the same events for whatever time it is asked',
      hint: 'the vendor’s filter is at fault: please report it with this message; the next run tries again',
    });
  }
}

function isDescending(rows: readonly Row[]): boolean {
  const times = rows.flatMap(({ time }) => time ?? []);
  const [first = 0, last = first] = [times[0], times.at(-1)];
  return first > last;
}
