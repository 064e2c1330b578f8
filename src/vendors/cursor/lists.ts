import type { Got } from '../../extract/client.ts';
import { type CountedPage, readWhole } from '../../extract/paging/counted-list.ts';
import { type FieldNames, Keyer } from '../../extract/record.ts';
import type { Ask } from '../../extract/target.ts';
import type { Page, SourceRecord } from '../../model.ts';
import { parsePage } from './client.ts';

/** Asks, and parses the answer. */
export type ReadBody = <T extends object>(ask: Ask, parse: (body: Buffer) => T) => Promise<Got<T>>;

export const GROUPS = '/teams/groups';

export const BY_ID: FieldNames = { id: ['id'], time: [] };
/** Of what is keyed by the person. */
export const NAMELESS: FieldNames = { id: [], time: [] };

/** What organizations allow; more is cut to it without a word. */
const PAGE_SIZE = '200';

type Rename = (records: readonly SourceRecord[]) => SourceRecord[];
const asTheyAre: Rename = (records) => [...records];

/** A list in one answer. */
export async function* readList(
  read: ReadBody,
  path: string,
  list: string,
  fields: FieldNames,
  rename = asTheyAre,
): AsyncGenerator<Page> {
  const { value, note } = await read({ path }, (body) => parsePage(body, [list], fields));
  const keyer = new Keyer();
  yield { note, records: rename(value.records.map((row) => keyer.key(row))), place: null };
}

export async function* readPaged(
  read: ReadBody,
  path: string,
  list: string,
  fields: FieldNames,
  rename = asTheyAre,
): AsyncGenerator<Page> {
  const fetch = async (page: number): Promise<CountedPage> => {
    const query = { page: String(page), pageSize: PAGE_SIZE };
    const { value, note } = await read({ path, query }, (body) => parsePage(body, [list], fields));
    return { rows: value.records, note, total: value.total, more: value.more };
  };
  for (const { note, records } of (await readWhole({ fetch, subject: path })) ?? []) {
    yield { note, records: rename(records), place: null };
  }
}
