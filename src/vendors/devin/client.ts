import type { Query, SourceClient } from '../../extract/client.ts';
import { type Diagnosis, diagnoseRefusal } from '../../extract/diagnosis.ts';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import { pageToken } from '../../extract/paging/page-token.ts';
import type { Redaction } from '../../extract/redaction.ts';
import { type FieldNames, Keyer, readRow, type Row } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { fieldsOf } from '../../extract/slice/object.ts';
import type { Page } from '../../model.ts';
import { printable } from '../../platform/printable.ts';

export const ENTERPRISE = '/v3/enterprise';

/** The largest page; the default is 100. */
export const PAGE_SIZE = 200;

export const NEXT = { token: 'end_cursor', more: 'has_next_page' };

/** How many items are on a page, what of them is hidden before anything is stored, and what their list may be called. */
type How = { first?: number; redaction?: Redaction; lists?: readonly string[] };

/** One page of a list `{items, end_cursor, has_next_page, total}`, of which only `items` is certain. `total` is not needed. */
export async function fetchPage(
  client: SourceClient,
  path: string,
  query: Query,
  after: string | null,
  names: FieldNames,
  { first = PAGE_SIZE, redaction, lists = ['items'] }: How = {},
): Promise<CursorPage> {
  const asked = { ...query, first: String(first), ...(after === null ? {} : { after }) };
  const ask = { path, query: asked, ...(redaction === undefined ? {} : { redaction }) };
  const { value, note } = await client.read(ask, (body) => {
    const { records, envelope } = sliceList(body, lists);
    const { cursor, more } = pageToken(envelope, NEXT);
    // A full page that says nothing of what follows is not taken for the last one. A bare list is whole.
    const saysNothing = !Array.isArray(envelope) && !Object.hasOwn(envelope as object, NEXT.token);
    const mayBeCut = records.length >= first && saysNothing;
    return {
      records: records.map((bytes): Row => readRow(bytes, names)),
      cursor,
      more: more ?? (mayBeCut ? true : null),
    };
  });
  return { rows: value.records, note, cursor: value.cursor, more: value.more };
}

/** A whole list, its records keyed by the field `id`. */
export async function* readList(
  client: SourceClient,
  path: string,
  id: string,
  query: Query = {},
  how: How = {},
): AsyncGenerator<Page> {
  const keyer = new Keyer();
  const names = { id: [id], time: [] };
  const fetch = (after: string | null): Promise<CursorPage> =>
    fetchPage(client, path, query, after, names, how);
  for await (const { rows, note } of cursorPages(fetch, path)) {
    yield { note, records: rows.map((row) => keyer.key(row)), place: null };
  }
}

/** Instants are asked for in Unix seconds. */
export function seconds(at: number): string {
  return String(Math.floor(at / 1000));
}

/** Reads Devin's error bodies: `detail` is a text or a list of complaints. Null where the status alone says enough. */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const detail = detailOf(body);
  const what = detail === '' ? `status ${status}` : `status ${status}: ${printable(detail)}`;
  return diagnoseRefusal(status, what, {
    refused:
      'make a new key for an enterprise service user in the settings of Devin; set it as DEVIN_TOKEN or DEVIN_TOKEN_FILE',
    forbidden:
      'the service user lacks the permission for this endpoint; `auditlake check` names it',
    absent:
      'this host has no such endpoint: check DEVIN_BASE_URL; dedicated tenants have a host of their own',
  });
}

function detailOf(body: Buffer): string {
  const { detail } = fieldsOf(body);
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return '';
  return detail
    .map((item: unknown) => {
      const { loc, msg } = (item ?? {}) as { loc?: unknown; msg?: unknown };
      const place = Array.isArray(loc) ? loc.join('.') : '';
      return `${place}: ${typeof msg === 'string' ? msg : JSON.stringify(item)}`;
    })
    .join('; ');
}
