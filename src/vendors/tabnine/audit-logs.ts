import { VendorError } from '../../errors.ts';
import { byWindow } from '../../extract/by-window.ts';
import type { Got, Query } from '../../extract/client.ts';
import { floorSecond } from '../../extract/paging/keyset.ts';
import { readOffsetLog } from '../../extract/paging/offset-log.ts';
import type { ListPage } from '../../extract/paging/offset.ts';
import type { LogQuestion } from '../../extract/paging/timed-log.ts';
import type { Reading, Stream } from '../../extract/port.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { TimeFilter } from '../../extract/time-filter.ts';
import type { Millis, Window } from '../../model.ts';
import { isCredible } from '../../platform/instant.ts';
import { wholeSecond } from './client.ts';
import type { Session } from './session.ts';

const PATH = '/api/v1/organization/audit-logs';

/** The documented maximum; the default of 50 would look like the whole log. */
const LIMIT = 1000;

/** Enough to find one with a time that can be right. */
const FIRST_ROWS = 20;

/** `items` is the current schema, `data` an older one; neither has been seen live. */
const LISTS = ['items', 'data'];
const FIELDS = {
  id: ['id', 'eventId', 'event_id'],
  time: ['timestamp', 'occurredAt', 'createdAt'],
};

export const auditLogs: Stream<Session> = {
  name: 'audit-logs',
  kind: 'log',
  brings: 'the audit log',
  endpoint: PATH,
  since: '5.25.0',
  needs: 'the role Admin',
  required: true,
  unknowns: [
    { what: 'the list of events', places: LISTS },
    { what: 'when an event happened', places: FIELDS.time.flatMap(inLists) },
    { what: 'who did it', places: ['actor', 'performing_user'].flatMap(inLists) },
  ],
  maps: { event: 'audit-logs.sql' },
  open: openLog,
};

function inLists(name: string): string[] {
  return LISTS.map((list) => `${list}.*.${name}`);
}

function openLog(session: Session): Reading {
  const log = new AuditLog(session);
  const { slices, quirk } = session;
  const source = {
    fetch: (question: LogQuestion) => log.fetch(question),
    limit: () => log.limit,
    learnLimit: (rows: number) => log.learnLimit(rows, ' without saying so'),
    quirk: (code: string, what: string) => quirk({ code, what }),
    subject: PATH,
    slices,
    timeFilter: new TimeFilter(async (window) => (await log.peek(window)).records),
  };
  return {
    read: byWindow((window) => readOffsetLog(source, window)),
    async count(window) {
      return (await log.peek(window)).total;
    },
    async oldest(now) {
      const time = firstCredible((await log.peek({ from: 0, to: now }, FIRST_ROWS)).records, now);
      if (time === null) return null;
      // A server that ignores the order gave just some row: then there is something before it.
      const before = await log.peek({ from: 0, to: floorSecond(time) }, FIRST_ROWS);
      return firstCredible(before.records, now) === null ? time : null;
    },
  };
}

/** An event whose time is no instant, or cannot be right, says nothing about how far back the log goes. */
function firstCredible(rows: readonly Row[], now: Millis): Millis | null {
  return rows.find(({ time }) => time !== null && isCredible(time, now))?.time ?? null;
}

/** Asks for pages of the log, and learns on the way how this installation wants to be asked. */
class AuditLog {
  readonly #session: Session;
  #namesOrganization = false;
  limit = LIMIT;

  constructor(session: Session) {
    this.#session = session;
  }

  async fetch(question: LogQuestion): Promise<ListPage> {
    const { value, note } = await this.#ask(question, LIMIT);
    if (value.limit !== null && value.limit > 0) this.learnLimit(value.limit, `, not ${LIMIT}`);
    if (value.older) {
      const what = 'the audit log names its list `data`, not `items`';
      this.#session.quirk({ code: 'older-envelope', what });
    }
    return { rows: value.records, note, total: value.total };
  }

  /** The first rows of a window, and how many events the vendor says there are in it. */
  async peek({ from, to }: Window, rows = 1): Promise<LogPage> {
    return (await this.#ask({ from, to, offset: 0 }, rows)).value;
  }

  /** @param how ends the sentence about the smaller page */
  learnLimit(rows: number, how: string): void {
    if (rows >= this.limit) return;
    this.limit = rows;
    const what = `the audit log gives ${rows} events per page${how}`;
    this.#session.quirk({ code: 'page-capped', what });
  }

  async #ask(question: LogQuestion, rows: number): Promise<Got<LogPage>> {
    const { client, quirk } = this.#session;
    const request = () => client.get(PATH, this.#query(question, rows), parsePage);
    const isNamed = this.#namesOrganization;
    try {
      return await request();
    } catch (error) {
      const wantsOrganization =
        error instanceof VendorError && error.code === 'organization-required';
      if (!wantsOrganization || isNamed) throw error;
      // Not documented here, but two sibling endpoints were documented wrongly about it.
      this.#namesOrganization = true;
      quirk({ code: 'organization-required', what: 'the audit log wants organizationId' });
      return await request();
    }
  }

  #query({ from, to, offset }: LogQuestion, rows: number): Query {
    return {
      from: wholeSecond(from),
      to: wholeSecond(to),
      sort: 'asc',
      limit: String(rows),
      offset: String(offset),
      ...(this.#namesOrganization ? { organizationId: this.#session.organizationId() } : {}),
    };
  }
}

type LogPage = { records: Row[]; limit: number | null; total: number | null; older: boolean };

function parsePage(body: Buffer): LogPage {
  const { records, envelope } = sliceList(body, LISTS);
  const fields = envelope as Record<string, unknown>;
  return {
    records: records.map((bytes) => readRow(bytes, FIELDS)),
    limit: typeof fields['limit'] === 'number' ? fields['limit'] : null,
    total: typeof fields['total'] === 'number' ? fields['total'] : null,
    older: Array.isArray(fields['data']),
  };
}
