import { VendorError } from '../../errors.ts';
import type { Page } from '../../model.ts';
import type { Got, Query, SourceClient } from '../../extract/client.ts';
import { type CursorPage, cursorPages } from '../../extract/paging/cursor.ts';
import { type FieldNames, Keyer, readRow, type Row } from '../../extract/record.ts';
import { sliceList } from '../../extract/slice/json.ts';

/** The largest page; the default is 100. */
export const FIRST = '200';

export const ENTERPRISE = '/v3/enterprise';

/** One page of a list `{items, end_cursor, has_next_page, total}`, of which only `items` is sure. `total` is not needed. */
export async function fetchPage(
  client: SourceClient,
  path: string,
  query: Query,
  after: string | null,
  names: FieldNames,
): Promise<Got<CursorPage>['value']> {
  const asked = { ...query, first: FIRST, ...(after === null ? {} : { after }) };
  const { value, note } = await client.get(path, asked, (body) => {
    const { records, envelope } = sliceList(body, ['items']);
    const { end_cursor: cursor, has_next_page: more } = envelope as Record<string, unknown>;
    return {
      records: records.map((bytes): Row => readRow(bytes, names)),
      cursor: typeof cursor === 'string' && cursor !== '' ? cursor : null,
      more:
        typeof more === 'boolean' ? more : isFull(records) && cursor === undefined ? true : null,
    };
  });
  return { rows: value.records, note, cursor: value.cursor, more: value.more };
}

/** A full page that says nothing of what follows is not taken for the last one. */
function isFull(records: readonly unknown[]): boolean {
  return records.length >= Number(FIRST);
}

/** A whole list; what comes twice while it moves is the archive's business. */
export async function* readPages(
  client: SourceClient,
  path: string,
  query: Query,
  id: string,
): AsyncGenerator<Page> {
  const keyer = new Keyer();
  const names = { id: [id], time: [] };
  const fetch = (after: string | null): Promise<CursorPage> =>
    fetchPage(client, path, query, after, names);
  for await (const { rows, note } of cursorPages(fetch, path)) {
    yield { note, records: rows.map((row) => keyer.key(row)), place: null };
  }
}

/** An answer that is one object. */
export async function readObject(
  client: SourceClient,
  path: string,
  query: Query,
  key: string,
): Promise<Page> {
  const { value, note } = await client.get(path, query, (body) => {
    JSON.parse(body.toString('utf8'));
    return { records: [{ bytes: body, key, time: null }] };
  });
  return { note, records: value.records, place: null };
}

/** Instants are asked for in Unix seconds. */
export function seconds(at: number): string {
  return String(Math.floor(at / 1000));
}

/**
 * A path segment; ids may hold `|` and `/`.
 *
 * @throws VendorError `absent` for the two that no form of writing keeps from being taken for a way up
 */
export function segment(id: string): string {
  if (id === '.' || id === '..') {
    throw new VendorError({
      fault: 'absent',
      code: 'id-unusable',
      url: id,
      status: 404,
      what: 'this id cannot be asked about: in an address it leads elsewhere',
      hint: 'nothing else depends on it',
    });
  }
  return encodeURIComponent(id);
}
