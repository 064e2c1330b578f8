import { VendorError } from '../../errors.ts';
import type { Query, SourceClient } from '../../extract/client.ts';
import { type Diagnosis, diagnoseRefusal } from '../../extract/diagnosis.ts';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import { pageToken, type TokenFields } from '../../extract/paging/page-token.ts';
import { type FieldNames, Keyer, readRow, type Row } from '../../extract/record.ts';
import type { Redaction } from '../../extract/redaction.ts';
import { sliceList } from '../../extract/slice/json.ts';
import { fieldsOf, isObject } from '../../extract/slice/object.ts';
import type { Page } from '../../model.ts';
import { printable } from '../../platform/printable.ts';

export const ORGANIZATION = '/v1/organizations';

/** Of the lists that take a limit at all; their default is 20, which would look like the whole list. */
export const PAGE_SIZE = 1000;

/** The API has two ways to go on, on one host: after the last id, or with a token. */
export type Paging = { parameter: string; fields: TokenFields };

export const BY_ID: Paging = {
  parameter: 'after_id',
  fields: { token: 'last_id', more: 'has_more' },
};
export const BY_TOKEN: Paging = {
  parameter: 'page',
  fields: { token: 'next_page', more: 'has_more' },
};

/** With every request. The version is documented as required. */
export function authorize(token: string): Record<string, string> {
  return { 'x-api-key': token, 'anthropic-version': '2023-06-01' };
}

/** One page of a list `{data, has_more, …}`, and the rest of its envelope. */
export async function fetchPage(
  client: SourceClient,
  ask: { path: string; query: Query; paging: Paging; names: FieldNames; redaction?: Redaction },
  after: string | null,
): Promise<CursorPage & { envelope: Record<string, unknown> }> {
  const { path, query, paging, names, redaction } = ask;
  const asked = { ...query, ...(after === null ? {} : { [paging.parameter]: after }) };
  const { value, note } = await client.read(
    { path, query: asked, ...(redaction === undefined ? {} : { redaction }) },
    (body) => {
      const { records, envelope } = sliceList(body, ['data']);
      return {
        records: records.map((bytes): Row => readRow(bytes, names)),
        ...pageToken(envelope, paging.fields),
        envelope: isObject(envelope) ? envelope : {},
      };
    },
  );
  const { records: rows, cursor, more, envelope } = value;
  return { rows, note, cursor, more, envelope };
}

/** A whole list, its records keyed by their ids. */
export async function* readList(
  client: SourceClient,
  ask: { path: string; query?: Query; paging: Paging; id?: string },
): AsyncGenerator<Page> {
  const { path, query = {}, paging, id = 'id' } = ask;
  const keyer = new Keyer();
  const names = { id: [id], time: [] };
  const fetch = (after: string | null): Promise<CursorPage> =>
    fetchPage(client, { path, query, paging, names }, after);
  for await (const { rows, note } of cursorPages(fetch, path)) {
    yield { note, records: rows.map((row) => keyer.key(row)), place: null };
  }
}

/** Whether the vendor answered, and would not answer this. */
export function isRefusal(error: unknown): error is VendorError {
  return error instanceof VendorError && (error.fault === 'forbidden' || error.fault === 'absent');
}

export function isRejected(error: unknown): error is VendorError {
  return error instanceof VendorError && error.fault === 'rejected' && error.status === 400;
}

/** Reads `{error: {type, message}}`, with or without an outer `type`. Null where the status alone says enough. */
export function diagnose(status: number, body: Buffer): Diagnosis | null {
  const message = messageIn(body);
  const what = message === '' ? `status ${status}` : `status ${status}: ${printable(message)}`;
  return diagnoseRefusal(status, what, {
    refused:
      'the key was revoked, has expired or is of another host: make a new one and set it as ANTHROPIC_TOKEN or ANTHROPIC_TOKEN_FILE',
    forbidden:
      'this key does not open the endpoint: `auditlake check` names the kind of key and the scope that does; scopes are fixed when a key is made',
    absent:
      'the endpoint is of the other product than the key (Claude Console or Claude Enterprise), or the organization has not switched it on: a source with another key may have it',
  });
}

function messageIn(body: Buffer): string {
  const { error } = fieldsOf(body);
  const { type, message }: Record<string, unknown> = isObject(error) ? error : {};
  return [type, message].filter((part) => typeof part === 'string' && part !== '').join(': ');
}
