import type { Ask, Query, SourceClient } from '../../extract/client.ts';
import type { ListPage } from '../../extract/paging/offset.ts';
import { scan } from '../../extract/paging/offset.ts';
import { linkTo } from '../../extract/paging/link.ts';
import { readRow, type Row } from '../../extract/record.ts';
import type { Redaction } from '../../extract/redaction.ts';
import { sliceList } from '../../extract/slice/json.ts';
import type { Page } from '../../model.ts';

/** The largest page of nearly every list; the default is 30. */
const PER_PAGE = 100;

/** Without a version GitHub answers as the oldest one that it still has. */
const HEADERS = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
};

export function ask(path: string, query: Query = {}): Ask {
  return { path, query, headers: HEADERS };
}

export type List = {
  /** The fields that may hold a record's id. */
  id: readonly string[];
  /** Where the list stands in the answer; of a bare one nowhere. */
  list?: string;
  /** Where it may stand, if no document says it. */
  lists?: readonly string[];
  redaction?: Redaction;
  query?: Query;
  /** The key of a row, where it takes more than its id. */
  keyOf?: (row: Buffer) => string;
  onRow?: (row: Buffer, key: string) => void;
};

/**
 * A whole list whose pages are numbered. The answer without a link to a next page is the last; one page alone is whole by
 * itself, and of more it takes two readings that agree, since rows that come or go shift all behind them.
 */
export async function* readList(
  client: SourceClient,
  path: string,
  { id, list = '', lists = [list], redaction, query = {}, keyOf, onRow }: List,
): AsyncGenerator<Page> {
  const ends = new WeakSet<ListPage>();
  const fetch = async (_offset: number, place: number): Promise<ListPage> => {
    const asked = { ...query, per_page: String(PER_PAGE), page: String(place + 1) };
    const hidden = redaction === undefined ? {} : { redaction };
    const { value, note, headers } = await client.read(
      { ...ask(path, asked), ...hidden },
      (body) => {
        const { records, envelope } = sliceList(body, lists);
        return { records: records.map((bytes) => rowOf(bytes, id, keyOf)), envelope };
      },
    );
    const isLast = !saysMore(value.envelope, headers.get('link'), value.records.length);
    const total = isLast && place === 0 ? value.records.length : null;
    const page = { rows: value.records, note, total };
    if (isLast) ends.add(page);
    return page;
  };
  for await (const page of scan({
    fetch,
    belongs: () => true,
    overlaps: false,
    totalIsProof: true,
    endsAfter: (read) => ends.has(read),
    place: null,
    subject: path,
  })) {
    for (const { bytes, key } of page.records) onRow?.(bytes, key);
    yield page;
  }
}

/** Budgets say it in their answer, all others by a link. Whatever sits in between may have dropped the header. */
function saysMore(envelope: unknown, link: string | undefined, rows: number): boolean {
  const { has_next_page: more } = envelope as { has_next_page?: unknown };
  if (typeof more === 'boolean') return more;
  return link === undefined ? rows >= PER_PAGE : linkTo(link, 'next') !== null;
}

function rowOf(bytes: Buffer, id: readonly string[], keyOf: List['keyOf']): Row {
  const row = readRow(bytes, { id, time: [] });
  return keyOf === undefined ? row : { ...row, id: keyOf(bytes) };
}
