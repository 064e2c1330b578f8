import { type Diagnosis, diagnoseRefusal } from '../../extract/diagnosis.ts';
import type { Query, SourceClient } from '../../extract/client.ts';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import { pageToken } from '../../extract/paging/page-token.ts';
import { type FieldNames, Keyer, readRow } from '../../extract/record.ts';
import type { Redaction } from '../../extract/redaction.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { fieldsOf, isObject } from '../../extract/slice/object.ts';
import type { Page } from '../../model.ts';
import { printable } from '../../platform/printable.ts';

/** The vendor shows how a key begins and ends, and does not say how much of it is left to guess. */
export const KEY_ENDS: Redaction = {
  name: 'openai-key-ends-1',
  hides: 'what the vendor shows of a key',
  texts: [{ path: 'data.*.redacted_value' }],
};

/** Without a number, pages have twenty records. */
export const PAGE_SIZE = 100;

/**
 * One page of a list. There are two envelopes: one goes on after the id of the last record (`last_id`), the other after a
 * token (`next`); both say `has_more`, and the parameter is `after` with either.
 */
export async function fetchPage(
  client: SourceClient,
  path: string,
  query: Query,
  names: FieldNames,
  redaction?: Redaction,
): Promise<CursorPage> {
  const asked = { path, query: { ...query, limit: String(PAGE_SIZE) } };
  const ask = redaction === undefined ? asked : { ...asked, redaction };
  const { value, note } = await client.read(ask, (body) => {
    const { records, envelope } = sliceList(body, ['data']);
    const rows = records.map((bytes) => readRow(bytes, names));
    const next = pageToken(envelope, { token: 'next', more: 'has_more' });
    const last = pageToken(envelope, { token: 'last_id' }).cursor ?? rows.at(-1)?.id ?? null;
    return { records: rows, cursor: next.cursor ?? last, more: next.more };
  });
  return { rows: value.records, note, cursor: value.cursor, more: value.more };
}

export type ListQuestion = {
  query?: Query;
  /** The field that has a record's id. Default: `id`. */
  id?: string;
  redaction?: Redaction;
};

/** A whole list. */
export async function* readList(
  client: SourceClient,
  path: string,
  { query = {}, id = 'id', redaction }: ListQuestion = {},
): AsyncGenerator<Page> {
  const keyer = new Keyer();
  const fetch = (after: string | null): Promise<CursorPage> => {
    const asked = after === null ? query : { ...query, after };
    return fetchPage(client, path, asked, { id: [id], time: [] }, redaction);
  };
  for await (const { rows, note } of cursorPages(fetch, path)) {
    yield { note, records: rows.map((row) => keyer.key(row)), place: null };
  }
}

/** Instants are asked for in Unix seconds. */
export function seconds(at: number): string {
  return String(Math.floor(at / 1000));
}

/**
 * Reads the vendor's error bodies: `error` is an object with a message, or the message itself, and some services in front
 * answer `detail`. Null where the status alone says enough.
 */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const message = messageIn(body);
  const what = message === '' ? `status ${status}` : `status ${status}: ${printable(message)}`;
  const [, scope] = /missing scopes?:\s*([\w.:,\s]*\w)/i.exec(message) ?? [];
  return diagnoseRefusal(status, what, {
    refused:
      'an owner of the organization makes a new admin key under Settings, Organization, Admin keys; set it as OPENAI_TOKEN or OPENAI_TOKEN_FILE. The key of a ChatGPT workspace is another one, from the Global Admin Console, and wants `baseUrl: https://api.chatgpt.com`',
    forbidden:
      scope === undefined
        ? 'the key must be an admin key (sk-admin-…) of an owner, with the permission that `auditlake check` names'
        : `the admin key lacks the permission ${scope}: an owner adds it, or makes a key that has it`,
    absent:
      'the organization does not have this part of the API, or it is at another host (compliance logs: `baseUrl: https://api.chatgpt.com`); nothing else depends on it',
  });
}

function messageIn(body: Buffer): string {
  const { error, detail, message } = fieldsOf(body);
  if (typeof error === 'string') return error;
  if (isObject(error) && typeof error['message'] === 'string') return error['message'];
  if (typeof detail === 'string') return detail;
  if (Array.isArray(detail)) return detail.map(complaint).join('; ');
  return typeof message === 'string' ? message : '';
}

function complaint(item: unknown): string {
  if (!isObject(item)) return JSON.stringify(item);
  const { loc, msg } = item;
  const place = Array.isArray(loc) ? loc.join('.') : '';
  return `${place}: ${typeof msg === 'string' ? msg : JSON.stringify(item)}`;
}
