import { VendorError } from '../../errors.ts';
import type { Millis, OpenWindow, Page, Quirk, StreamReader } from '../../model.ts';
import type { Query, SourceClient } from '../client.ts';
import { readRow, type Row } from '../identify.ts';
import { type LogQuestion, readOffsetLog } from '../offset-log.ts';
import type { ListPage } from '../scan.ts';
import { sliceList } from '../slicer.ts';

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

  const ask = async (question: LogQuestion): Promise<ListPage> => {
    const query: Query = {
      from: wholeSecond(question.from),
      to: wholeSecond(question.to),
      sort: 'asc',
      limit: String(LIMIT),
      offset: String(question.offset),
      ...(nameOrganization ? { organizationId: organizationId() } : {}),
    };
    const { value, note } = await client.get(PATH, query, parsePage);
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

  const fetch = async (question: LogQuestion): Promise<ListPage> => {
    try {
      return await ask(question);
    } catch (error) {
      const wantsOrganization =
        error instanceof VendorError && error.code === 'organization-required' && !nameOrganization;
      if (!wantsOrganization) throw error;
      // Not documented here, but two sibling endpoints were documented wrongly about it.
      nameOrganization = true;
      quirk({ code: 'organization-required', what: 'the audit log wants organizationId' });
      return await ask(question);
    }
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
