import { VendorError } from '../../errors.ts';
import type { Millis, OpenWindow, Page, Quirk, StreamReader, Window } from '../../model.ts';
import type { Query, SourceClient } from '../../extract/client.ts';
import { readRow, type Row } from '../../extract/record.ts';
import { floorSecond } from '../../extract/paging/keyset.ts';
import { type LogQuestion, readOffsetLog } from '../../extract/paging/offset-log.ts';
import type { ListPage } from '../../extract/paging/offset.ts';
import { sliceList } from '../../extract/slice/json.ts';

const PATH = '/api/v1/organization/audit-logs';

/** The documented maximum; the default of 50 would look like the whole log. */
const LIMIT = 1000;

/** `items` is the current schema, `data` an older one; neither has been seen live. */
const LISTS = ['items', 'data'];
const FIELDS = { id: ['id'], time: ['timestamp', 'occurredAt', 'createdAt'] };

/** `GET /api/v1/organization/audit-logs`, Admin only. */
export function auditLog(
  client: SourceClient,
  lanes: number,
  organizationId: () => string,
  quirk: (quirk: Quirk) => void,
): StreamReader {
  let limit = LIMIT;
  let nameOrganization = false;

  const queryOf = ({ from, to, offset }: LogQuestion, rows: number): Query => ({
    from: wholeSecond(from),
    to: wholeSecond(to),
    sort: 'asc',
    limit: String(rows),
    offset: String(offset),
    ...(nameOrganization ? { organizationId: organizationId() } : {}),
  });

  const ask = async (question: LogQuestion): Promise<ListPage> => {
    const { value, note } = await client.get(PATH, queryOf(question, LIMIT), parsePage);
    if (value.limit !== null && value.limit > 0 && value.limit < limit) {
      limit = value.limit;
      quirk({
        code: 'page-capped',
        what: `the audit log gives ${limit} events per page, not ${LIMIT}`,
      });
    }
    if (value.older) {
      quirk({ code: 'older-envelope', what: 'the audit log names its list `data`, not `items`' });
    }
    return { rows: value.records, note, total: value.total };
  };

  const adapting = async <T>(request: () => Promise<T>): Promise<T> => {
    try {
      return await request();
    } catch (error) {
      const wantsOrganization =
        error instanceof VendorError && error.code === 'organization-required' && !nameOrganization;
      if (!wantsOrganization) throw error;
      // Not documented here, but two sibling endpoints were documented wrongly about it.
      nameOrganization = true;
      quirk({ code: 'organization-required', what: 'the audit log wants organizationId' });
      return await request();
    }
  };
  const fetch = (question: LogQuestion): Promise<ListPage> => adapting(() => ask(question));

  /** The first row of a window, and how many the vendor says there are. */
  const peek = async ({ from, to }: Window): Promise<ReturnType<typeof parsePage>> => {
    const { value } = await adapting(() =>
      client.get(PATH, queryOf({ from, to, offset: 0 }, 1), parsePage),
    );
    return value;
  };

  return {
    stream: 'audit-logs',
    kind: 'log',
    endpoint: PATH,
    since: '5.25.0',
    required: true,
    read(window: OpenWindow | null): AsyncIterable<Page> {
      if (window === null) throw new Error('the audit log is read by window');
      return readOffsetLog(
        {
          fetch,
          limit: () => limit,
          learnLimit(rows) {
            if (rows >= limit) return;
            limit = rows;
            quirk({
              code: 'page-capped',
              what: `the audit log gives ${rows} events per page without saying so`,
            });
          },
          quirk: (code, what) => quirk({ code, what }),
          subject: PATH,
          lanes,
        },
        window,
      );
    },
    async count(window) {
      return (await peek(window)).total;
    },
    async oldest(now) {
      const time = (await peek({ from: 0, to: now })).records[0]?.time ?? null;
      if (time === null) return null;
      // A server that ignores the order gave just some row: then there is something before it.
      const before = await peek({ from: 0, to: floorSecond(time) });
      return before.records.some((row) => row.time === null || row.time < time) ? null : time;
    },
  };
}

/** Fractions of a second are rejected, with a message that does not say so. */
function wholeSecond(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function parsePage(body: Buffer): {
  records: Row[];
  limit: number | null;
  total: number | null;
  older: boolean;
} {
  const { records, envelope } = sliceList(body, LISTS);
  const fields = envelope as Record<string, unknown>;
  return {
    records: records.map((bytes) => readRow(bytes, FIELDS)),
    limit: typeof fields['limit'] === 'number' ? fields['limit'] : null,
    total: typeof fields['total'] === 'number' ? fields['total'] : null,
    older: Array.isArray(fields['data']),
  };
}
