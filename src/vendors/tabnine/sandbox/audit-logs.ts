import { type Answer, Refusal, jsonText } from '../../../sandbox/answer.ts';
import { type AuditQuery, readAuditQuery } from './audit-query.ts';
import { codedError } from './errors.ts';
import type { EventFacts } from './event-source.ts';
import type { Quirks } from './quirks.ts';
import type { Inquiry } from './state.ts';

const MAX_UTF8_BYTES_PER_UNIT = 3;

const CSV_COLUMNS: readonly (readonly [header: string, fact: keyof EventFacts])[] = [
  ['id', 'id'],
  ['timestamp', 'timestamp'],
  ['eventType', 'eventType'],
  ['actor.id', 'actorId'],
  ['actor.email', 'actorEmail'],
  ['resource.type', 'resourceType'],
  ['resource.id', 'resourceId'],
];

/** One page of audit events, as JSON or CSV, newest first unless asked otherwise. */
export function auditLogs({ state, query }: Inquiry): Answer {
  const { organization, events, quirks } = state;
  if (quirks.requireOrganizationId && query['organizationId'] !== organization.id) {
    throw new Refusal(codedError(401, 'unauthorized', 'Unauthorized: Invalid organization.'));
  }
  const asked = readAuditQuery(query, quirks.rejectFractionalSeconds);
  const limit = Math.min(asked.limit, quirks.pageCap ?? asked.limit);
  const { slots, total } = events.select({
    ...asked,
    ...(quirks.startExclusive && { from: Math.floor(asked.from / 1000) * 1000 + 1000 }),
    ...(quirks.ignoreTimeFilter && { from: -Infinity, to: Infinity }),
    order: quirks.ignoreSort || asked.order,
    limit,
  });
  // Whether paging applies to CSV is not stated; here it does.
  if (asked.format === 'csv') return csv(slots.map((slot) => events.facts(slot)));
  const items = slots.map((slot) => events.text(slot, quirks.eventShape));
  return page(
    items,
    total,
    { ...asked, limit: quirks.echoCappedLimit ? limit : asked.limit },
    quirks,
  );
}

/** Put together as text, so that what a test put in arrives byte for byte. */
function page(
  items: string[],
  total: number,
  { limit, offset }: AuditQuery,
  quirks: Quirks,
): Answer {
  const stated = statedTotal(total, quirks.total);
  const ofTotal = stated === undefined ? '' : `,"total":${stated}`;
  const [head, tail] =
    quirks.listKey === 'items'
      ? ['{"items":[', `]${ofTotal},"limit":${limit},"offset":${offset}}`]
      : ['{"data":[', `],"meta":{"count":${items.length}${ofTotal}}}`];
  return jsonText(200, joined(head, items, tail), items.length);
}

/** Written piece by piece: one long string would be built and then encoded, at twice the cost. */
function joined(head: string, items: string[], tail: string): Buffer {
  const length = items.reduce((sum, item) => sum + item.length + 1, head.length + tail.length);
  const bytes = Buffer.allocUnsafe(length * MAX_UTF8_BYTES_PER_UNIT);
  let end = bytes.write(head);
  for (const [place, item] of items.entries()) {
    if (place > 0) end += bytes.write(',', end);
    end += bytes.write(item, end);
  }
  end += bytes.write(tail, end);
  return bytes.subarray(0, end);
}

/** The documentation allows an approximate total: wrong by a tenth and one, so that small ones are wrong too. */
function statedTotal(total: number, manner: Quirks['total']): number | undefined {
  const error = Math.floor(total / 10) + 1;
  const totals = {
    exact: total,
    over: total + error,
    under: Math.max(0, total - error),
    absent: undefined,
  };
  return totals[manner];
}

function csv(rows: EventFacts[]): Answer {
  const lines = rows.map((facts) =>
    CSV_COLUMNS.map(([, fact]) => cell(facts[fact] ?? '')).join(','),
  );
  const header = CSV_COLUMNS.map(([name]) => name).join(',');
  const body = [header, ...lines, ''].join('\n');
  return { status: 200, type: 'text/csv; charset=utf-8', body, served: rows.length };
}

function cell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
